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

function Outcome({ data }: { data: PageData }) {
  const { outcome, runs, checks, captures, tests } = data;
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
  const failed = tests.filter(({ state }) => state === 'failed' || state === 'timed-out').length;
  const bad = checks.filter((check) => check.verdict !== 'PASS').length;
  const lasted = run?.ended ? ` · ${humanMs(Date.parse(run.ended) - Date.parse(run.started))}` : '';
  return (
    <div class={`outcome ${kind}`}>
      <h1>{title}</h1>
      <p>
        {reason}
        {exitCode !== null && <span class="dim"> · exit code {exitCode}</span>}
      </p>
      <p class="counts">
        {checks.length > 0 && (
          <a href={href('checks')}>
            {bad > 0
              ? `${bad} of ${count(checks.length, 'growth check')} did not pass`
              : `${count(checks.length, 'growth check')} passed`}
          </a>
        )}
        <a href={href('captures')}>{captures.length === 0 ? 'no captures' : count(captures.length, 'capture')}</a>
        {tests.length > 0 && (
          <a href={href('tests')}>
            {failed > 0 ? `${failed} of ${count(tests.length, 'test')} failed` : count(tests.length, 'test')}
          </a>
        )}
      </p>
      {run && (
        <p class="dim">
          {runs.length > 1 ? `${count(runs.length, 'session')}, the first: ` : ''}
          {run.started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}
          {lasted} · {run.platform} · {run.versions}
        </p>
      )}
    </div>
  );
}
