import { humanBytes, humanMs } from '@firstchance/model';
import type { PageCapture } from '@firstchance/report';
import { useState } from 'preact/hooks';
import { count } from '../logic/names.ts';
import { href } from '../logic/route.ts';
import { useData } from '../parts/context.ts';
import { KindBadge, StateBadge } from '../parts/verdict.tsx';

export function CapturesView() {
  const { captures, removed, skipped } = useData();
  const [kind, setKind] = useState('');
  const kinds = [...new Set(captures.map((capture) => capture.kind))];
  const shown = kind === '' ? captures : captures.filter((capture) => capture.kind === kind);
  return (
    <>
      <h1>{count(captures.length, 'capture')}</h1>
      {kinds.length > 1 && (
        <fieldset class="filter no-print">
          <legend class="hidden">show</legend>
          {['', ...kinds].map((one) => (
            <button type="button" key={one} aria-pressed={one === kind} onClick={() => setKind(one)}>
              {one === '' ? 'all' : one}
            </button>
          ))}
        </fieldset>
      )}
      <CapturesTable captures={shown} />
      {removed > 0 && (
        <p class="dim">{count(removed, 'capture')} of passed tests were removed (--keep all keeps them)</p>
      )}
      {skipped.map(({ why, count: times }) => (
        <p class="dim" key={why}>
          {times.toLocaleString('en-US')} more not captured: {why}
        </p>
      ))}
    </>
  );
}

export function CapturesTable({ captures }: { captures: readonly PageCapture[] }) {
  return (
    <ul class="entries">
      {captures.map((capture) => (
        <li key={capture.id}>
          <a href={href('capture', capture.id)} data-entry>
            <span class="entry-title">{capture.title}</span>
            <span class="entry-note">
              <span class="dim">{capture.id.slice(0, 4)}</span> <KindBadge kind={capture.kind} />
              {capture.test?.state && <StateBadge state={capture.test.state} />}{' '}
              {capture.test?.title ?? `${capture.process} ${capture.pid}`}
              {capture.where !== '' && <code> {capture.where}</code>}
            </span>
            <span class="entry-facts">
              {capture.pauseMs === null ? 'pause not measured' : `paused ${humanMs(capture.pauseMs)}`} ·{' '}
              {capture.dump ? humanBytes(capture.dump.bytes) : 'no dump'}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
