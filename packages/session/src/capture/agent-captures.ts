import type { CaptureDetail, CaptureKind } from '@firstchance/model';
import type { CaptureProgress, DecideRequest, Decision, EngineCapture } from '../engine-port.ts';
import type { SessionOptions } from '../options.ts';
import { type Problem, toProblem } from '../problems/problem.ts';
import type { Captures } from './captures.ts';
import type { CaptureDraft } from './detail.ts';
import { withoutException } from './dump-request.ts';

export interface AgentCapturesContext {
  readonly captures: Captures;
  readonly options: Pick<SessionOptions, 'dump'>;
  /** A process could not be frozen: what was asked for cannot be done here. */
  readonly onImpossible: (problem: Problem) => void;
  readonly onProgress: (draft: CaptureDraft, progress: CaptureProgress) => void;
  readonly onDetail: (detail: CaptureDetail) => void;
}

/** Captures the agents ask for: the process is frozen and on its way again when we are asked whether to keep the copy. */
export class AgentCaptures {
  readonly #context: AgentCapturesContext;
  readonly #drafts = new Map<string, CaptureDraft>();
  readonly #completing = new Set<Promise<void>>();
  #idle: (() => void)[] = [];

  constructor(context: AgentCapturesContext) {
    this.#context = context;
  }

  decide(request: DecideRequest): Decision {
    const { captures, options } = this.#context;
    const kind = captureKind(request.trigger.kind);
    const dump = kind === 'exit' ? withoutException(options.dump) : options.dump;
    const draft = captures.begin(
      { kind, detail: request.trigger.detail },
      {
        pid: request.pid,
        threadId: request.threadId,
        thrown: request.exception,
        ...(request.test ? { testName: request.test.name, candidates: request.test.candidates } : {}),
      },
    );
    if (typeof draft === 'string') return { action: 'drop', reason: draft };
    this.#drafts.set(request.captureToken, draft);
    return {
      action: 'keep',
      folder: draft.path,
      dump,
      stacks: true,
      topTypes: dump?.kind !== 'mini',
    };
  }

  progress(token: string, progress: CaptureProgress): void {
    const draft = this.#drafts.get(token);
    if (draft) this.#context.onProgress(draft, progress);
  }

  done(token: string, outcome: { result: EngineCapture } | { error: unknown }, pid?: number): void {
    const { captures, onImpossible } = this.#context;
    const draft = this.#drafts.get(token);
    this.#drafts.delete(token);
    if (!draft) {
      // Without a decision there is no draft: the process could not be frozen at all.
      if ('error' in outcome)
        onImpossible(toProblem('an exception could not be captured', pid ? `process ${pid}` : '', outcome.error));
    } else if ('error' in outcome) captures.fail(draft, outcome.error);
    else this.#complete(draft, outcome.result);
    this.#tellIdle();
  }

  /** The engine died: what was under way will not be finished. */
  abandon(error: unknown): void {
    for (const draft of this.#drafts.values()) this.#context.captures.fail(draft, error);
    this.#drafts.clear();
    this.#tellIdle();
  }

  /** Resolves when no capture is under way. */
  async idle(): Promise<void> {
    while (this.#drafts.size > 0 || this.#completing.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  #complete(draft: CaptureDraft, result: EngineCapture): void {
    const work = this.#context.captures
      .complete(draft, result)
      .then((detail) => {
        if (detail) this.#context.onDetail(detail);
      })
      .finally(() => {
        this.#completing.delete(work);
        this.#tellIdle();
      });
    this.#completing.add(work);
  }

  #tellIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** The agent's triggers; one of a newer agent that we do not know is a capture all the same. */
function captureKind(kind: string): CaptureKind {
  return kind === 'unhandled' || kind === 'exit' ? kind : 'first-chance';
}
