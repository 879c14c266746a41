import { humanMs } from '@firstchance/model';
import type { PageData } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { href } from '../logic/route.ts';
import { useData } from '../parts/context.ts';
import { CapturesTable } from './captures.tsx';
import { ChecksTable } from './checks.tsx';
import { Ledger } from './ledger.tsx';
import { MemoryPlot } from './memory.tsx';
import { Problems } from './run.tsx';

const SOME = 8;

export function OverviewView() {
  const data = useData();
  const { checks, captures, ledger, memory, leftOut } = data;
  const bad = checks.filter(({ verdict }) => verdict !== 'PASS');
  const grown = ledger.filter(({ bytes }) => bytes > 0);
  return (
    <>
      <Outcome data={data} />
      <Problems />
      {checks.length > 0 && (
        <section>
          <h2>Growth checks</h2>
          <ChecksTable checks={(bad.length > 0 ? bad : checks).slice(0, SOME)} />
          <More
            shown={Math.min(SOME, bad.length || checks.length)}
            total={checks.length}
            link={href('checks')}
            what="growth checks"
          />
        </section>
      )}
      {captures.length > 0 && (
        <section>
          <h2>Captures</h2>
          <CapturesTable captures={captures.slice(0, SOME)} />
          <More
            shown={Math.min(SOME, captures.length)}
            total={captures.length}
            link={href('captures')}
            what="captures"
          />
        </section>
      )}
      {grown.length > 0 && (
        <section>
          <h2>Left most in memory</h2>
          <Ledger entries={grown.slice(0, 5)} />
          <More shown={Math.min(5, grown.length)} total={ledger.length} link={href('ledger')} what="tests" />
        </section>
      )}
      {memory.length > 1 && (
        <section>
          <h2>Memory over the run</h2>
          <MemoryPlot height={220} />
        </section>
      )}
      {leftOut > 0 && (
        <p class="dim">
          The detail of {count(leftOut, 'entry', 'entries')} did not fit here; it is in the session folder.
        </p>
      )}
      <NotShown />
    </>
  );
}

function More({ shown, total, link, what }: { shown: number; total: number; link: string; what: string }) {
  if (shown >= total) return null;
  return (
    <p class="more no-print">
      <a href={link}>
        all {total.toLocaleString('en-US')} {what}
      </a>
    </p>
  );
}

const LISTS = [
  ...([
    ['captures', 'capture', 'captures'],
    ['checks', 'growth check', 'growth checks'],
  ] as const),
  ...([
    ['tests', 'test', 'tests'],
    ['ledger', 'entry of the ledger', 'entries of the ledger'],
  ] as const),
  ...([
    ['memory', 'point of memory', 'points of memory'],
    ['problems', 'problem', 'problems'],
  ] as const),
  ...([
    ['unreadable', 'unreadable file', 'unreadable files'],
    ['targets', 'process', 'processes'],
  ] as const),
  ...([['runs', 'session', 'sessions']] as const),
] as const;

/** What is in the session and not in this page. */
function NotShown() {
  const { notShown } = useData();
  if (notShown === undefined) return null;
  const parts = LISTS.flatMap(([list, one, many]) => {
    const number = notShown[list] ?? 0;
    return number > 0 ? [count(number, one, many)] : [];
  });
  return (
    <p class="dim">
      Too much for one page. Left out, the least important first: {parts.join(', ')}. All of it is in manifest.jsonl,
      every test in junit.xml.
    </p>
  );
}

function Outcome({ data }: { data: PageData }) {
  const { outcome, runs, notShown = {} } = data;
  const all = {
    captures: data.captures.length + (notShown.captures ?? 0),
    checks: data.checks.length + (notShown.checks ?? 0),
    tests: data.tests.length + (notShown.tests ?? 0),
    runs: runs.length + (notShown.runs ?? 0),
  };
  const { exitCode, verdict, reason } = outcome;
  const kind =
    exitCode === null
      ? 'unsure'
      : exitCode === 0 && (verdict === null || verdict === 'PASS')
        ? 'good'
        : exitCode === 0
          ? 'unsure'
          : 'bad';
  const title =
    verdict !== null
      ? verdict.replaceAll('_', ' ')
      : exitCode === null
        ? 'not ended'
        : exitCode === 0
          ? 'nothing failed'
          : 'failed';
  const [run] = runs;
  const failedHere = data.tests.filter(({ state }) => state === 'failed' || state === 'timed-out').length;
  const failed = failedHere + (notShown.failedTests ?? 0);
  const bad = data.checks.filter((check) => check.verdict !== 'PASS').length + (notShown.notPassed ?? 0);
  const lasted = run?.ended ? ` · ${humanMs(Date.parse(run.ended) - Date.parse(run.started))}` : '';
  return (
    <div class={`outcome ${kind}`}>
      <h1>{title}</h1>
      <p>
        {reason}
        {exitCode !== null && <span class="dim"> · exit code {exitCode}</span>}
      </p>
      <p class="counts">
        {all.checks > 0 && (
          <a href={href('checks')}>
            {bad > 0
              ? `${bad} of ${count(all.checks, 'growth check')} did not pass`
              : `${count(all.checks, 'growth check')} passed`}
          </a>
        )}
        <a href={href('captures')}>{all.captures === 0 ? 'no captures' : count(all.captures, 'capture')}</a>
        {all.tests > 0 && (
          <a href={href('tests')}>
            {failed > 0 ? `${failed} of ${count(all.tests, 'test')} failed` : count(all.tests, 'test')}
          </a>
        )}
      </p>
      {run && (
        <p class="dim">
          {all.runs > 1 ? `${count(all.runs, 'session')}, the first: ` : ''}
          {run.started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}
          {lasted} · {run.platform} · {run.versions}
        </p>
      )}
    </div>
  );
}
