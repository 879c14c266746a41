import { humanBytes, humanMs, IN_PROJECT } from '@firstchance/model';
import type { PageCapture, PageCaptureDetail } from '@firstchance/report';
import { count } from '../logic/names.ts';
import { href } from '../logic/route.ts';
import { AsyncTree } from '../parts/async-tree.tsx';
import { useData } from '../parts/context.ts';
import { Copy } from '../parts/copy.tsx';
import { Exception } from '../parts/exception.tsx';
import { Facts } from '../parts/facts.tsx';
import { Neighbours } from '../parts/neighbours.tsx';
import { Threads } from '../parts/threads.tsx';
import { Treemap } from '../parts/treemap.tsx';
import { TypesTable } from '../parts/types-table.tsx';
import { KindBadge, StateBadge } from '../parts/verdict.tsx';

export function CaptureView({ id }: { id: string }) {
  const { captures } = useData();
  const capture = captures.find((one) => one.id === id);
  if (!capture) return <h1>There is no capture {id} in this report</h1>;
  const { exception, more, title } = capture;
  return (
    <article>
      <Neighbours view="capture" ids={captures.map((one) => one.id)} id={id} />
      <h1 class="subject">{title}</h1>
      <p class="badges">
        <KindBadge kind={capture.kind} /> {capture.test?.state && <StateBadge state={capture.test.state} />}
        {capture.test && <span>{capture.test.title}</span>}
      </p>
      <CaptureFacts capture={capture} />
      {more?.notes.map((note) => (
        <p class="notice" key={note}>
          {note}
        </p>
      ))}
      {exception && (
        <section>
          <h2>Exception</h2>
          <Exception exception={exception} />
        </section>
      )}
      {more ? (
        <Detail capture={capture} more={more} />
      ) : (
        <p class="notice">
          Threads and types are in captures/{id}/capture.json: there was no room for them here, or the file could not be
          read.
        </p>
      )}
    </article>
  );
}

function CaptureFacts({ capture }: { capture: PageCapture }) {
  const { dump, kind, detail } = capture;
  return (
    <Facts
      facts={[
        ['trigger', detail === '' ? kind : `${kind}: ${detail}`],
        [
          'process',
          `${capture.process} (pid ${capture.pid})${capture.runtime === '' ? '' : `, .NET ${capture.runtime}`}`,
        ],
        ['worker', typeof capture.test?.worker === 'number' && `number ${capture.test.worker} of the test runner`],
        ['thread', capture.thread],
        [
          'pause',
          capture.pauseMs === null
            ? 'not measured'
            : `${humanMs(capture.pauseMs)}, by ${capture.method}; garbage collection ${capture.gc}`,
        ],
        ['taken', `${capture.time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}, in ${humanMs(capture.durationMs)}`],
        ['dump', dump && `${dump.kind}, ${humanBytes(dump.bytes)} (${humanBytes(dump.rawBytes)} unpacked)`],
        ['left out', dump && dump.leftOut.length > 0 ? dump.leftOut.join(', ') : ''],
        ['file', dump && <Copy key="file" text={dump.path} />],
        [
          'for a debugger',
          dump?.path.endsWith('.zst') && <Copy key="unpack" text={`${IN_PROJECT} unpack ${dump.path}`} />,
        ],
      ]}
    />
  );
}

function Awaiting({ more }: { more: PageCaptureDetail }) {
  if (more.awaiting.length === 0) return null;
  return (
    <section>
      <h2>
        Waiting async methods <span class="dim">{count(more.awaiting.length, 'chain')}</span>
      </h2>
      <AsyncTree nodes={more.awaiting} />
    </section>
  );
}

function Detail({ capture, more }: { capture: PageCapture; more: PageCaptureDetail }) {
  const { stacks, frames } = useData();
  // What hangs in an await stands on no thread.
  const asyncFirst = !more.threads.some(({ stack }) => stacks[stack]?.some((frame) => frames[frame]?.[2] === 1));
  return (
    <>
      {asyncFirst && <Awaiting more={more} />}
      {more.threads.length > 0 && (
        <section>
          <h2>
            Threads <span class="dim">{more.threads.length}</span>
          </h2>
          <Threads capture={capture} threads={more.threads} />
        </section>
      )}
      {!asyncFirst && <Awaiting more={more} />}
      {more.dominators.length > 0 ? (
        <section>
          <h2>Retained sizes</h2>
          <Treemap dominators={more.dominators} />
        </section>
      ) : (
        /heap|full/.test(capture.dump?.kind ?? '') && (
          <p class="dim">
            What keeps its memory alive was not read when the run ended. <code>{IN_PROJECT} report</code> adds the
            picture,{' '}
            <code>
              {IN_PROJECT} heap captures/{capture.id}
            </code>{' '}
            shows it in a terminal.
          </p>
        )
      )}
      {more.types.length > 0 && (
        <section>
          <h2>Types by size</h2>
          <TypesTable rows={more.types} leftOut={more.typesLeftOut} caption="objects on the managed heap" />
        </section>
      )}
      <p class="dim">
        {count(more.modules, 'module')} and everything else: captures/{capture.id}/capture.json ·{' '}
        <a href={href('captures')}>all captures</a>
      </p>
    </>
  );
}
