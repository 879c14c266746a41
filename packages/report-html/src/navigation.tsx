import type { PageData } from '@firstchance/report';
import { href, type View } from './logic/route.ts';

/** Only what the session has. */
export function Navigation({ data, view }: { data: PageData; view: View | undefined }) {
  const bad = data.checks.filter(({ verdict }) => verdict !== 'PASS').length;
  const failed = data.tests.filter(({ state }) => state === 'failed' || state === 'timed-out').length;
  const troubles = data.problems.length + data.unreadable.length;
  const entries: readonly [View, string, number | null, number, View[]][] = [
    ['overview', 'Overview', null, 0, ['overview']],
    ['checks', 'Growth checks', data.checks.length, bad, ['checks', 'check']],
    ['captures', 'Captures', data.captures.length, 0, ['captures', 'capture']],
    ['tests', 'Tests', data.tests.length, failed, ['tests']],
    ['ledger', 'Left by tests', data.ledger.length, 0, ['ledger']],
    ['memory', 'Memory', data.memory.length > 1 ? null : 0, 0, ['memory']],
    ['run', 'Run and problems', null, troubles, ['run']],
  ];
  return (
    <nav class="sections" aria-label="sections">
      {entries
        .filter(([, , number]) => number !== 0)
        .map(([target, title, number, alarms, views]) => (
          <a key={target} href={href(target)} aria-current={view && views.includes(view) ? 'page' : undefined}>
            {title}
            {number !== null && <span class="dim"> {number.toLocaleString('en-US')}</span>}
            {alarms > 0 && <span class="alarm">{alarms}</span>}
          </a>
        ))}
    </nav>
  );
}
