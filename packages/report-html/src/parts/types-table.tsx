import { humanBytes } from '@firstchance/model';
import { useState } from 'preact/hooks';
import { count } from '../logic/names.ts';
import { useData } from './context.ts';

type Row = readonly [type: number, instances: number, bytes: number];
const FIRST = 15;

/** Types by size; the bar shows the share of the largest. */
export function TypesTable({
  rows,
  caption,
  leftOut = 0,
}: {
  rows: readonly Row[];
  caption: string;
  leftOut?: number;
}) {
  const { types } = useData();
  const [all, setAll] = useState(false);
  const [byCount, setByCount] = useState(false);
  const sorted = [...rows].sort((a, b) => (byCount ? b[1] - a[1] : b[2] - a[2]));
  const shown = all ? sorted : sorted.slice(0, FIRST);
  const most = Math.max(1, ...rows.map((row) => (byCount ? row[1] : row[2])));
  return (
    <>
      <div class="scroll">
        <table class="types">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col" class="wide">
                type
              </th>
              <Sortable title="instances" active={byCount} onClick={() => setByCount(true)} />
              <Sortable title="bytes" active={!byCount} onClick={() => setByCount(false)} />
            </tr>
          </thead>
          <tbody>
            {shown.map(([type, instances, bytes]) => {
              const [name = '?', module = '', own = 0] = types[type] ?? [];
              const share = ((byCount ? instances : bytes) / most) * 100;
              return (
                <tr key={type} class={own ? 'own' : ''}>
                  <td class="name" title={module}>
                    {name}
                    <span class="bar" style={{ width: `${share}%` }} />
                  </td>
                  <td class="number">{instances.toLocaleString('en-US')}</td>
                  <td class="number">{humanBytes(bytes)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {!all && sorted.length > FIRST && (
        <button type="button" class="small no-print" onClick={() => setAll(true)}>
          all {sorted.length} types
        </button>
      )}
      {leftOut > 0 && <p class="dim">{count(leftOut, 'smaller type')} only in capture.json</p>}
    </>
  );
}

function Sortable({ title, active, onClick }: { title: string; active: boolean; onClick: () => void }) {
  return (
    <th scope="col" class="number" aria-sort={active ? 'descending' : 'none'}>
      <button type="button" class="sort" onClick={onClick}>
        {title}
        <span aria-hidden="true">{active ? ' ▾' : ' ▹'}</span>
      </button>
    </th>
  );
}
