import { humanBytes, shownType } from '@firstchance/model';
import type { PageLedger } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { useData } from '../parts/context.ts';
import { TypesTable } from '../parts/types-table.tsx';
import { StateBadge } from '../parts/verdict.tsx';

/** What each test left behind, most first. */
export function LedgerView() {
  const { ledger } = useData();
  return (
    <>
      <h1>What tests left in memory</h1>
      <p class="dim">
        From one census to the next: objects that were there after the test and not before. A cache that fills once
        looks the same as a leak here; a growth check tells them apart.
      </p>
      <Ledger entries={ledger} />
    </>
  );
}

export function Ledger({ entries }: { entries: readonly PageLedger[] }) {
  const { types } = useData();
  const most = Math.max(1, ...entries.map(({ bytes }) => bytes));
  return (
    <div class="ledger">
      {entries.map((entry, index) => {
        const top = entry.left[0];
        return (
          <details key={index}>
            <summary data-entry>
              <span class="ledger-bytes">
                <b>{humanBytes(entry.bytes)}</b>
                <span class="bar" style={{ width: `${(entry.bytes / most) * 100}%` }} />
              </span>
              <span class="ledger-title">
                {entry.title === '' ? 'outside of tests' : entry.title}
                {entry.state && entry.state !== 'passed' && <StateBadge state={entry.state} />}
                {entry.candidates > 1 && <span class="dim"> perhaps; {entry.candidates} tests ran</span>}
                {entry.merged.length > 0 && <span class="dim"> with {count(entry.merged.length, 'other test')}</span>}
                {top && (
                  <span class="dim at">
                    {top[1].toLocaleString('en-US')} × {shownType(types[top[0]]?.[0] ?? '')}
                  </span>
                )}
              </span>
            </summary>
            {entry.merged.length > 0 && <p class="dim">also: {entry.merged.join(' · ')}</p>}
            <TypesTable rows={entry.left} caption={`left behind: ${entry.instances.toLocaleString('en-US')} objects`} />
          </details>
        );
      })}
    </div>
  );
}
