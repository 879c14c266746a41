import type { PageCheck } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { href } from '../logic/route.ts';
import { useData } from '../parts/context.ts';
import { VerdictBadge } from '../parts/verdict.tsx';

export function ChecksView() {
  const { checks } = useData();
  const bad = checks.filter(({ verdict }) => verdict !== 'PASS');
  return (
    <>
      <h1>{count(checks.length, 'growth check')}</h1>
      <p class="dim">{bad.length === 0 ? 'all passed' : `${bad.length} did not pass`}</p>
      <ChecksTable checks={checks} />
    </>
  );
}

export function ChecksTable({ checks }: { checks: readonly PageCheck[] }) {
  return (
    <ul class="entries">
      {checks.map((check) => (
        <li key={check.id}>
          <a href={href('check', check.id)} data-entry>
            <span class="entry-title">
              <VerdictBadge verdict={check.verdict} /> {check.title}
            </span>
            <span class="entry-note">
              {check.growth[0]?.title ?? check.reason}
              {check.growth[0]?.holder && <code> held by {check.growth[0].holder}</code>}
            </span>
            <span class="entry-facts">
              {check.operations.toLocaleString('en-US')} operations
              {check.growth.length > 1 ? ` · ${check.growth.length - 1} more grow` : ''}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
