import type { PageAsync } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { Method } from './stack.tsx';

/**
 * Pending async methods: who waits for whom. A chain is one list; equal chains are told once with their number. Chains with a method
 * of the program come first.
 */
export function AsyncTree({ nodes }: { nodes: readonly PageAsync[] }) {
  const groups = new Map<string, { node: PageAsync; times: number }>();
  for (const node of nodes) {
    const key = JSON.stringify(node);
    const known = groups.get(key);
    groups.set(key, { node, times: (known?.times ?? 0) + 1 });
  }
  const sorted = [...groups.values()].sort(
    (a, b) => Number(holdsOwn(b.node)) - Number(holdsOwn(a.node)) || b.times - a.times,
  );
  return (
    <div class="async">
      {sorted.map(({ node, times }, index) => (
        <div key={index} class="async-chain">
          {times > 1 && <p class="dim">{count(times, 'time')} the same</p>}
          <Chain node={node} />
        </div>
      ))}
    </div>
  );
}

/** More of the framework's in a row are folded: a test framework awaits sixty of its own before the first of the test. */
const MOST_IN_A_ROW = 3;

function Chain({ node }: { node: PageAsync }) {
  const chain: PageAsync[] = [node];
  let last = node;
  while (last.awaits.length === 1 && last.awaits[0]) {
    last = last.awaits[0];
    chain.push(last);
  }
  return (
    <ol class="chain">
      {rowsOf(chain).map((row, index) =>
        row.length > MOST_IN_A_ROW ? (
          <li key={index}>
            <details>
              <summary class="dim">{row.length} methods of the framework</summary>
              <ol class="chain">
                {row.map((of, place) => (
                  <Awaited key={place} of={of} first={index === 0 && place === 0} />
                ))}
              </ol>
            </details>
          </li>
        ) : (
          row.map((of, place) => <Awaited key={`${index}-${place}`} of={of} first={index === 0 && place === 0} />)
        ),
      )}
      {last.awaits.length > 1 && (
        <li>
          <span class="dim">awaits all of</span>
          {last.awaits.map((child, index) => (
            <Chain key={index} node={child} />
          ))}
        </li>
      )}
    </ol>
  );
}

function Awaited({ of: { method, source }, first }: { of: PageAsync; first: boolean }) {
  return (
    <li>
      {!first && <span class="dim">awaits </span>}
      <Method method={method} />
      {source !== undefined && <span class="source"> {source}</span>}
    </li>
  );
}

function holdsOwn({ own, awaits }: PageAsync): boolean {
  return own || awaits.some(holdsOwn);
}

/** Own methods each for itself, those of the framework by rows. */
function rowsOf(chain: readonly PageAsync[]): PageAsync[][] {
  const rows: PageAsync[][] = [];
  for (const one of chain) {
    const row = rows.at(-1);
    if (!one.own && row?.[0]?.own === false) row.push(one);
    else rows.push([one]);
  }
  return rows;
}
