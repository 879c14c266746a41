import { humanMs } from '@firstchance/model';
import type { PageRounds } from '@firstchance/report';
import { channelValues, PHASES } from '../logic/data.ts';
import { channelTitle, formatValue } from '../logic/format.ts';

/** The plots' values for those who read numbers. */
export function RoundsTable({ rounds }: { rounds: PageRounds }) {
  const columns = rounds.channels.map(([name, differences]) => ({ name, values: channelValues(differences) }));
  return (
    <details class="rounds">
      <summary>all values by round</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="scroll" aria-label="all values by round" tabIndex={0}>
        <table>
          <caption class="hidden">all values by round</caption>
          <thead>
            <tr>
              <th scope="col">round</th>
              <th scope="col">phase</th>
              <th scope="col" class="number">
                operations
              </th>
              <th scope="col" class="number">
                took
              </th>
              <th scope="col" class="number">
                pause
              </th>
              {columns.map(({ name }) => (
                <th scope="col" class="number" key={name}>
                  {channelTitle(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rounds.dose.map((dose, index) => (
              <tr key={index}>
                <td>{index}</td>
                <td>{PHASES[rounds.phase[index] ?? 0]}</td>
                <td class="number">{dose}</td>
                <td class="number">{humanMs(rounds.durationMs[index] ?? 0)}</td>
                <td class="number">{humanMs(rounds.pauseMs[index] ?? 0)}</td>
                {columns.map(({ name, values }) => {
                  const value = values[index];
                  return (
                    <td class="number" key={name}>
                      {typeof value === 'number' ? formatValue(name, value) : 'not measured'}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
