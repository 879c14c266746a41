import { join } from 'node:path';
import { writeWhole } from '@firstchance/manifest';
import type { CaptureDetail, CaptureRecord, ExceptionInfo, TestReference, Trigger } from '@firstchance/model';
import type { EngineCapture } from '../engine-port.ts';
import type { CaptureFolder } from './capture-folders.ts';
import type { Sourced } from './source-lines.ts';

/** A capture that has been decided on and is being taken or written. */
export interface CaptureDraft extends CaptureFolder {
  readonly pid: number;
  readonly trigger: Trigger;
  readonly test: TestReference | null;
  /** Unix time in ms at which it was decided on. */
  readonly startedAt: number;
  /** The test that it was asked for, as whoever asked names it. */
  readonly testName?: string | undefined;
  /** OS id of the thread it is about. */
  readonly threadId: number | undefined;
  /** What the agent saw thrown; absent where nothing was. */
  readonly thrown?: Thrown;
}

export type Thrown = Pick<ExceptionInfo, 'type' | 'message' | 'hresult'>;

/** Joins what the session knows (trigger, test) with what the engine found; paths become relative to the session folder. */
export function captureDetail(
  draft: CaptureDraft,
  capture: EngineCapture,
  sourced: Sourced,
  stamp: { session: string; time: string },
): CaptureDetail {
  const { dump } = capture;
  const thread = capture.threads.find((candidate) => candidate.osId === draft.threadId);
  return {
    ...{ record: 'capture', schema: 1, session: stamp.session, time: stamp.time, id: draft.id, pid: draft.pid },
    process: capture.process,
    trigger: draft.trigger,
    test: draft.test,
    thread: draft.threadId === undefined ? null : { osId: draft.threadId, name: thread?.name ?? null },
    exception: sourced.exception ?? asTold(draft.thrown),
    pauseMs: capture.pauseMs,
    captureMethod: capture.captureMethod,
    gc: capture.gc,
    dump: dump && {
      kind: dump.kind,
      path: `captures/${draft.id}/${dump.file}`,
      ...{ bytes: dump.bytes, rawBytes: dump.rawBytes, leftOut: dump.leftOut },
    },
    durationMs: capture.durationMs,
    ...{
      threads: sourced.threads,
      awaiting: sourced.awaiting,
      topTypes: capture.topTypes ?? [],
      modules: capture.modules,
    },
    notes: capture.notes,
  };
}

/** Without the runtime's debugging library (single file, trimmed image) the exception cannot be read; the agent saw it all the same. */
function asTold(thrown: Thrown | undefined): ExceptionInfo | null {
  return thrown ? { type: thrown.type, message: thrown.message, hresult: thrown.hresult, inner: [], stack: [] } : null;
}

/** The line of the manifest: the detail without its second block. */
export function captureRecord(detail: CaptureDetail): CaptureRecord {
  const { threads: _t, awaiting: _a, topTypes: _y, dominators: _d, modules: _m, notes: _n, ...record } = detail;
  return record;
}

/** Writes capture.json, mode 0600, whole or not at all. @throws the system's error */
export function writeDetail(folder: string, detail: CaptureDetail): void {
  writeWhole(join(folder, 'capture.json'), `${JSON.stringify(detail, null, 1)}\n`);
}
