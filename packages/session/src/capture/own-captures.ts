import { join } from 'node:path';
import type { CaptureDetail, ProcessFacts, Trigger } from '@firstchance/model';
import type { CaptureProgress, DumpRequest, EngineCapture, SessionEngine, TakeRequest } from '../engine-port.ts';
import { toProblem } from '../problems/problem.ts';
import type { Recorder } from '../records/recorder.ts';
import type { CaptureSubject, Captures } from './captures.ts';
import { type RuntimeDumper, takeByCreatedump } from './createdump.ts';
import type { CaptureDraft } from './detail.ts';

export interface OwnCapturesContext {
  readonly captures: Captures;
  readonly recorder: Recorder;
  /** Undefined: there is no engine here, only createdump. */
  readonly engine: () => SessionEngine | undefined;
  readonly dumper: RuntimeDumper;
  /** Loads the agent into a process, which then permits the engine to trace it. */
  readonly permit: (pid: number) => Promise<void>;
  readonly describe: (pid: number) => Promise<ProcessFacts>;
  readonly onProgress: (draft: CaptureDraft, progress: CaptureProgress) => void;
}

/** Failures of the engine after which createdump is worth a try; for the others it would fail as well, or harm. */
const CREATEDUMP_MAY_HELP = new Set([
  'permission-denied',
  'already-traced',
  'clone-refused',
  'unsupported',
  'internal',
  'no-engine',
  'engine-died',
]);

const AGENT_STAYS =
  'tracing was refused at first; the agent was loaded into the process to permit it, and stays loaded';

export interface TakeOptions {
  readonly dump: DumpRequest | null;
  readonly signal?: AbortSignal;
}

/** Captures the session itself decides on: deadlines, memory, by hand. */
export class OwnCaptures {
  readonly #context: OwnCapturesContext;
  /** One at a time per process: a process can have one tracer. */
  readonly #queues = new Map<number, Promise<unknown>>();

  constructor(context: OwnCapturesContext) {
    this.#context = context;
  }

  /** Undefined when it was refused or failed; the manifest then says why. */
  take(trigger: Trigger, subject: CaptureSubject, options: TakeOptions): Promise<CaptureDetail | undefined> {
    const before = this.#queues.get(subject.pid) ?? Promise.resolve();
    const work = before.then(() => this.#take(trigger, subject, options));
    const settled = work.catch(() => {});
    this.#queues.set(subject.pid, settled);
    void settled.then(() => {
      if (this.#queues.get(subject.pid) === settled) this.#queues.delete(subject.pid);
    });
    return work;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#queues.size > 0) await Promise.all(this.#queues.values());
  }

  async #take(trigger: Trigger, subject: CaptureSubject, options: TakeOptions): Promise<CaptureDetail | undefined> {
    const draft = this.#context.captures.begin(trigger, subject);
    if (typeof draft === 'string') return undefined;
    try {
      const result = await this.#ladder(draft, options);
      return await this.#context.captures.complete(draft, result);
    } catch (error) {
      this.#context.captures.fail(draft, error);
      return undefined;
    }
  }

  async #ladder(draft: CaptureDraft, options: TakeOptions): Promise<EngineCapture> {
    const engine = this.#context.engine();
    const request: TakeRequest = {
      ...{ pid: draft.pid, dump: options.dump, folder: draft.path, trigger: draft.trigger, stacks: true },
      topTypes: options.dump !== null && options.dump.kind !== 'mini',
      ...(draft.threadId === undefined ? {} : { threadId: draft.threadId }),
    };
    try {
      if (!engine)
        throw Object.assign(new Error('no engine'), { code: 'no-engine', why: 'the engine is not available here' });
      return await this.#snapshot(engine, draft, request, options);
    } catch (error) {
      if (!CREATEDUMP_MAY_HELP.has(String((error as { code?: unknown }).code))) throw error;
      return await this.#createdump(request, error, engine);
    }
  }

  async #snapshot(
    engine: SessionEngine,
    draft: CaptureDraft,
    request: TakeRequest,
    options: TakeOptions,
  ): Promise<EngineCapture> {
    const take = () =>
      engine.take(request, {
        onProgress: (progress) => this.#context.onProgress(draft, progress),
        ...(options.signal ? { signal: options.signal } : {}),
      });
    try {
      return await take();
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'permission-denied') throw error;
      // When the agent cannot be loaded either, the first refusal is the one that tells.
      const permitted = await this.#context.permit(request.pid).then(
        () => true,
        () => false,
      );
      if (!permitted) throw error;
      const capture = await take();
      return { ...capture, notes: [...capture.notes, AGENT_STAYS] };
    }
  }

  async #createdump(request: TakeRequest, cause: unknown, engine: SessionEngine | undefined): Promise<EngineCapture> {
    const { why, cure } = toProblem('take a snapshot', `process ${request.pid}`, cause);
    const facts = await this.#context.describe(request.pid);
    let capture: EngineCapture;
    try {
      capture = await takeByCreatedump(request, this.#context.dumper, facts);
    } catch (error) {
      const second = toProblem('createdump', `process ${request.pid}`, error);
      throw Object.assign(new Error(why, { cause: error }), {
        why: `no snapshot could be taken (${why}), and the runtime's createdump failed too (${second.why})`,
        cure: cure || second.cure,
      });
    }
    const notes = [...capture.notes, `no snapshot was possible: ${why}`];
    if (!engine || !capture.dump) return { ...capture, notes };
    const inside = await engine.inspectDump(join(request.folder, capture.dump.file)).catch(() => undefined);
    return inside
      ? { ...capture, threads: inside.threads, modules: inside.modules, notes: [...notes, ...inside.notes] }
      : { ...capture, notes };
  }
}
