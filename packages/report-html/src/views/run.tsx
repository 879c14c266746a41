import { count } from '../logic/names.ts';
import { useData } from '../parts/context.ts';
import { Copy } from '../parts/copy.tsx';
import { Facts } from '../parts/facts.tsx';

export function RunView() {
  const { runs, targets } = useData();
  return (
    <>
      <h1>Run and problems</h1>
      <Problems />
      {runs.map((run) => (
        <section key={run.id}>
          <h2>{runs.length > 1 ? `Session ${run.id}` : 'Session'}</h2>
          <Facts
            facts={[
              ['command', <Copy key="command" text={run.command} />],
              [
                'exit code',
                run.exitCode === null ? 'none: it still runs, or it was killed' : `${run.exitCode}: ${run.reason}`,
              ],
              ['began', run.started.replace('T', ' ').replace('Z', ' UTC')],
              ['ended', run.ended?.replace('T', ' ').replace('Z', ' UTC')],
              ['platform', run.platform],
              ['versions', run.versions],
              ['session', run.id],
            ]}
          />
        </section>
      ))}
      {targets.length > 0 && (
        <section>
          <h2>{count(targets.length, '.NET process', '.NET processes')}</h2>
          <div class="scroll">
            <table>
              <caption class="hidden">.NET processes</caption>
              <thead>
                <tr>
                  <th scope="col">pid</th>
                  <th scope="col" class="wide">
                    name
                  </th>
                  <th scope="col">runtime</th>
                  <th scope="col">agent</th>
                  <th scope="col">exit code</th>
                </tr>
              </thead>
              <tbody>
                {targets.map((target, index) => (
                  <tr key={index}>
                    <td>{target.pid}</td>
                    <td class="name">{target.name}</td>
                    <td>{target.runtime}</td>
                    <td>{target.agent}</td>
                    <td>{target.exitCode ?? 'not known'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}

export function Problems() {
  const { problems, unreadable } = useData();
  if (problems.length + unreadable.length === 0) return null;
  return (
    <section>
      <h2>{count(problems.length + unreadable.length, 'problem')}</h2>
      <ul class="problems">
        {problems.map((problem, index) => (
          <li key={index} class="notice">
            <b>{problem.what}</b>
            {problem.where !== '' && ` (${problem.where})`}: {problem.why}
            {problem.cure !== '' && <p>{problem.cure}</p>}
          </li>
        ))}
        {unreadable.map((sentence) => (
          <li key={sentence} class="notice">
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}
