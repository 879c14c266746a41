import type { CaptureDetail, Trigger } from '@firstchance/model';
import type { CaptureProgress, DumpRequest, EngineCapture, TakeRequest } from '../engine-port.ts';
import type { CaptureSubject, Captures } from './captures.ts';
import type { CaptureDraft } from './detail.ts';
import { withoutException } from './dump-request.ts';
import { climbDown, type LadderContext } from './ladder.ts';

export interface OwnCapturesContext extends LadderContext {
  readonly captures: Captures;
  readonly onProgress: (draft: CaptureDraft, progress: CaptureProgress) => void;
}

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

  /** Stacks of a process and nothing else, for us to look at; undefined when they cannot be read now. */
  async look(pid: number, folder: string): Promise<EngineCapture | undefined> {
    if (this.#queues.has(pid)) return undefined;
    const request: TakeRequest = { pid, dump: null, folder, stacks: true, topTypes: false };
    const look = Promise.resolve(
      this.#context
        .engine()
        ?.take(request, {})
        .catch(() => undefined),
    );
    this.#queues.set(pid, look);
    const seen = await look;
    if (this.#queues.get(pid) === look) this.#queues.delete(pid);
    return seen;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#queues.size > 0) await Promise.all(this.#queues.values());
  }

  async #take(
    trigger: Trigger,
    subject: CaptureSubject,
    { dump: wanted, signal }: TakeOptions,
  ): Promise<CaptureDetail | undefined> {
    const dump = withoutException(wanted);
    const { captures, onProgress } = this.#context;
    const draft = captures.begin(trigger, subject);
    if (typeof draft === 'string') return undefined;
    const request: TakeRequest = {
      ...{ pid: draft.pid, dump, folder: draft.path, trigger, stacks: true },
      topTypes: dump !== null && dump.kind !== 'mini',
      ...(draft.threadId === undefined ? {} : { threadId: draft.threadId }),
    };
    try {
      const result = await climbDown(request, this.#context, {
        onProgress: (progress) => onProgress(draft, progress),
        ...(signal ? { signal } : {}),
      });
      return await captures.complete(draft, result);
    } catch (error) {
      captures.fail(draft, error);
      return undefined;
    }
  }
}
