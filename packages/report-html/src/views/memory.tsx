import { humanBytes } from '@firstchance/model';
import { useMemo } from 'preact/hooks';
import { clock } from '../logic/names.ts';
import { useData } from '../parts/context.ts';
import { Plot, type Series } from '../parts/plot.tsx';

const CATEGORIES = [
  ['gcHeap', 'GC heap'],
  ['malloc', 'malloc'],
  ['loader', 'loader'],
  ['jit', 'JIT'],
  ['stacks', 'stacks'],
  ['other', 'other'],
] as const;

export function MemoryView() {
  const { memory } = useData();
  const last = memory.at(-1);
  const first = memory[0];
  return (
    <>
      <h1>Memory over the run</h1>
      <MemoryPlot height={320} />
      {first && last && (
        <div class="scroll">
          <table>
            <caption>private memory by category</caption>
            <thead>
              <tr>
                <th scope="col">category</th>
                <th scope="col" class="number">
                  first census
                </th>
                <th scope="col" class="number">
                  last
                </th>
                <th scope="col" class="number">
                  change
                </th>
              </tr>
            </thead>
            <tbody>
              {CATEGORIES.map(([category, title], index) => {
                const [from, to] = [first.categories[category], last.categories[category]];
                if (from === undefined || to === undefined) return null;
                return (
                  <tr key={category}>
                    <td>
                      <span class={`swatch series${index + 1}`} />
                      {title}
                    </td>
                    <td class="number">{humanBytes(from)}</td>
                    <td class="number">{humanBytes(to)}</td>
                    <td class="number">{`${to >= from ? '+' : '−'}${humanBytes(Math.abs(to - from))}`}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** Categories on top of each other, from census to census. */
export function MemoryPlot({ height }: { height: number }) {
  const { memory } = useData();
  const { x, series } = useMemo(() => {
    const shown = CATEGORIES.filter(([category]) =>
      memory.some(({ categories }) => categories[category] !== undefined),
    );
    const sums = memory.map(() => 0);
    const stacked = shown.map(([category, title], index): Series => {
      const values = memory.map(({ categories }, at) => {
        sums[at] = (sums[at] ?? 0) + (categories[category] ?? 0);
        return sums[at] ?? 0;
      });
      return {
        label: title,
        values,
        colour: `series${CATEGORIES.findIndex(([one]) => one === category) + 1 || index + 1}`,
        kind: 'area',
      };
    });
    // The highest is drawn first, so that each one below stays to be seen.
    return { x: memory.map(({ time }) => Date.parse(time) / 1000), series: stacked.reverse() };
  }, [memory]);
  const resident = memory.map(({ resident: bytes }) => bytes);
  const all: readonly Series[] = useMemo(
    () =>
      resident.some((bytes) => bytes !== null)
        ? [...series, { label: 'resident (shown, not judged)', values: resident, colour: 'dim', kind: 'dashes' }]
        : series,
    [series],
  );
  if (memory.length < 2 || all.length === 0) return null;
  return (
    <>
      <Plot
        label="private memory by category over the run"
        x={x}
        xLabel="time (UTC)"
        series={all}
        height={height}
        channel="privateBytes"
        formatX={(seconds) => clock(new Date(seconds * 1000).toISOString())}
      />
      <ul class="legend">
        {CATEGORIES.map(([category, title], index) =>
          memory.some(({ categories }) => categories[category] !== undefined) ? (
            <li key={category}>
              <span class={`swatch series${index + 1}`} />
              {title}
            </li>
          ) : null,
        )}
        {all.length > series.length && <li>- - - resident (shown, not judged)</li>}
      </ul>
    </>
  );
}
