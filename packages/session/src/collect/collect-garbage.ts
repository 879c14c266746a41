import type { Collected } from '@firstchance/engine';
import { errorCode } from '@firstchance/model';

export interface GarbageCollection {
  /** agent: from inside, by the agent in the process. eventpipe: from outside, about 110 ms per collection. */
  readonly how: 'agent' | 'eventpipe';
  readonly collections: number;
  readonly durationMs: number;
  readonly finalizers: Collected['finalizers'];
}

export interface CollectGarbageOptions {
  /** An engine whose agents may be in the process. Absent: only from outside. */
  readonly engine?:
    | { collect(pid: number, options: { signal?: AbortSignal; timeoutMs?: number }): Promise<Collected> }
    | undefined;
  readonly signal?: AbortSignal;
  /** 10,000 when absent. */
  readonly timeoutMs?: number;
}

/**
 * Full blocking collections of a process with its finalizers run in between, the best way there is: by the agent where one
 * is loaded, else by an event session.
 *
 * @throws EngineError or DiagnosticsError when the process is gone, does not answer in time, or lets nobody in
 */
export async function collectGarbage(
  pid: number,
  { engine, ...options }: CollectGarbageOptions = {},
): Promise<GarbageCollection> {
  if (engine) {
    try {
      return { how: 'agent', ...(await engine.collect(pid, options)) };
    } catch (error) {
      // No agent of ours is in it. Whatever else the agent met, an event session would meet too.
      if (errorCode(error) !== 'unsupported') throw error;
    }
  }
  const { induceGarbageCollection } = await import('@firstchance/diagnostics');
  return { how: 'eventpipe', ...(await induceGarbageCollection(pid, options)) };
}
