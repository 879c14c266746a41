import { humanMs } from '@firstchance/model';
import { useState } from 'preact/hooks';
import { count } from '../logic/names.ts';
import { href } from '../logic/route.ts';
import { useData } from '../parts/context.ts';
import { StateBadge } from '../parts/verdict.tsx';

const ORDER = ['failed', 'timed-out', 'started', 'skipped', 'passed'];

export function TestsView() {
  const { tests } = useData();
  const states = ORDER.filter((state) => tests.some((test) => test.state === state));
  const [only, setOnly] = useState('');
  const shown = tests
    .filter((test) => only === '' || test.state === only)
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <>
      <h1>{count(tests.length, 'test')}</h1>
      <fieldset class="filter no-print">
        <legend class="hidden">show</legend>
        {['', ...states].map((state) => (
          <button type="button" key={state} aria-pressed={state === only} onClick={() => setOnly(state)}>
            {state === '' ? 'all' : state} {state !== '' && tests.filter((test) => test.state === state).length}
          </button>
        ))}
      </fieldset>
      <div class="scroll">
        <table>
          <caption class="hidden">tests</caption>
          <thead>
            <tr>
              <th scope="col">state</th>
              <th scope="col" class="wide">
                test
              </th>
              <th scope="col" class="number">
                took
              </th>
              <th scope="col">captures</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((test, index) => (
              <tr key={index}>
                <td>
                  <StateBadge state={test.state} />
                </td>
                <td class="name">
                  {test.title}
                  {test.attempt > 1 && <span class="dim"> attempt {test.attempt}</span>}
                  {test.place !== '' && <span class="source"> {test.place}</span>}
                </td>
                <td class="number">{test.durationMs === null ? '' : humanMs(test.durationMs)}</td>
                <td>
                  {test.captures.map((id) => (
                    <a key={id} href={href('capture', id)} class="chip">
                      {id.slice(0, 4)}
                    </a>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
