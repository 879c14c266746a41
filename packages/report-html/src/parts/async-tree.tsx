import type { PageAsync } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { Method } from './stack.tsx';

/** Pending async methods: who waits for whom. A chain is one list; equal chains are told once with their number. */
export function AsyncTree({ nodes }: { nodes: readonly PageAsync[] }) {
  const groups = new Map<string, { node: PageAsync; times: number }>();
  for (const node of nodes) {
    const key = JSON.stringify(node);
    const known = groups.get(key);
    groups.set(key, { node, times: (known?.times ?? 0) + 1 });
  }
  const sorted = [...groups.values()].sort((a, b) => b.times - a.times);
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

function Chain({ node }: { node: PageAsync }) {
  const chain: PageAsync[] = [node];
  let last = node;
  while (last.awaits.length === 1 && last.awaits[0]) {
    last = last.awaits[0];
    chain.push(last);
  }
  return (
    <ol class="chain">
      {chain.map(({ method }, index) => (
        <li key={index}>
          {index > 0 && <span class="dim">awaits </span>}
          <Method method={method} />
        </li>
      ))}
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
