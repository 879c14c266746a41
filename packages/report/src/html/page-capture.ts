import type { AsyncNode, CaptureDetail, DominatorNode, ExceptionInfo, ThreadInfo } from '@firstchance/model';
import type { CaptureEntry } from '../read-model/read-model.ts';
import { awaitSource } from '../text/async-rows.ts';
import { frameSource } from '../text/frames.ts';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import { hasOwnCode, isOwnType, ownFrame } from '../text/own-code.ts';
import { captureTitle, testTitle } from '../text/titles.ts';
import type { Interning } from './interning.ts';
import type { PageAsync, PageCapture, PageCaptureDetail, PageDominator, PageException } from './page-data.ts';

const LONGEST_MESSAGE = 4000;
const MOST_TYPES = 100;
const MOST_THREADS = 500;

export function pageCapture(
  { record, testState }: CaptureEntry,
  more: PageCaptureDetail | null,
  table: Interning,
): PageCapture {
  const { exception, test, dump } = record;
  const frame = exception ? ownFrame(exception.stack) : undefined;
  return {
    ...{ id: line(record.id), time: record.time, kind: record.trigger.kind, detail: line(record.trigger.detail) },
    title: line(captureTitle(record), 600),
    test: test && {
      ...{ title: line(testTitle(record) ?? ''), state: testState, candidates: test.candidates },
      worker: test.worker ?? null,
    },
    ...{ process: line(record.process.name, 200), pid: record.pid, thread: record.thread?.osId ?? null },
    runtime: line([record.process.runtime, record.process.architecture].filter(Boolean).join(' '), 100),
    where: frame ? line(`${frame.method}  ${frameSource(frame)}`, 400) : '',
    ...{ pauseMs: record.pauseMs, durationMs: record.durationMs, method: record.captureMethod, gc: record.gc },
    dump: dump && { ...dump, path: line(dump.path), leftOut: dump.leftOut.slice(0, 20).map((part) => line(part, 200)) },
    exception: exception && pageException(exception, table),
    more,
  };
}

export function pageCaptureDetail(detail: CaptureDetail, table: Interning): PageCaptureDetail {
  // The thread it is about first, then those that run the program's code.
  const rank = (thread: ThreadInfo) =>
    thread.osId === detail.thread?.osId ? 0 : hasOwnCode(thread.stack) ? 1 : thread.stack.length > 0 ? 2 : 3;
  const threads = [...detail.threads].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_THREADS);
  return {
    threads: threads.map((thread) => ({
      ...{
        id: thread.osId,
        managed: thread.managedId,
        name: line(thread.name ?? '', 200),
        state: line(thread.state, 100),
      },
      ...{ finalizer: thread.isFinalizer === true, stack: table.stack(thread.stack) },
      exception: thread.exception ? line(thread.exception.type, 300) : null,
    })),
    awaiting: awaiting(detail.awaiting, new Room(2000), 0),
    types: detail.topTypes
      .slice(0, MOST_TYPES)
      .map(({ type, module, instances, bytes }) => [table.type(type, module), instances, bytes]),
    typesLeftOut: Math.max(0, detail.topTypes.length - MOST_TYPES),
    dominators: dominators(detail.dominators ?? [], table, new Room(600), 0),
    modules: detail.modules.length,
    notes: detail.notes.slice(0, 50).map((note) => line(note, 600)),
  };
}

/** How many nodes a tree may still have. */
class Room {
  #left: number;
  constructor(nodes: number) {
    this.#left = nodes;
  }
  take<Node>(nodes: readonly Node[]): readonly Node[] {
    const taken = nodes.slice(0, this.#left);
    this.#left -= taken.length;
    return taken;
  }
}

function pageException(exception: ExceptionInfo, table: Interning, depth = 0): PageException {
  return {
    type: line(exception.type, 600),
    message: exception.message === null ? null : line(exception.message, LONGEST_MESSAGE),
    hresult: `0x${(exception.hresult >>> 0).toString(16).padStart(8, '0')}`,
    stack: table.stack(exception.stack),
    inner: depth > 10 ? [] : exception.inner.slice(0, 20).map((inner) => pageException(inner, table, depth + 1)),
  };
}

function awaiting(nodes: readonly AsyncNode[], room: Room, depth: number): PageAsync[] {
  if (depth > 60) return [];
  return room.take(nodes).map((node) => ({
    method: line(node.method, 600),
    ...(node.file === undefined ? {} : { source: line(awaitSource(node), 300) }),
    own: isOwnType(node.method, null),
    awaits: awaiting(node.awaits, room, depth + 1),
  }));
}

function dominators(nodes: readonly DominatorNode[], table: Interning, room: Room, depth: number): PageDominator[] {
  if (depth > 40) return [];
  const largest = [...nodes].sort((a, b) => b.retainedBytes - a.retainedBytes);
  return room
    .take(largest)
    .map(({ type, retainedBytes, children }) => [
      table.type(type, null),
      retainedBytes,
      dominators(children, table, room, depth + 1),
    ]);
}

function line(text: string, longest = 1000): string {
  return limit(harmless(text), longest);
}
