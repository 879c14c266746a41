import { DiagnosticsClient } from '../client/client.ts';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { decodeGcEvent, GC_COLLECT_KEYWORD, GC_KEYWORD } from '../nettrace/gc-events.ts';
import { RUNTIME_PROVIDER } from '../nettrace/runtime-events.ts';
import type { CallOptions } from '../transport/options.ts';

export interface InducedCollections {
  readonly collections: number;
  readonly durationMs: number;
  /** drained: what was dead when it was asked has been finalized and collected. timeout: finalizers still ran. */
  readonly finalizers: 'drained' | 'timeout';
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** Finalizers may make more objects finalizable; a program under load does so for ever. */
const MOST_COLLECTIONS = 4;
const PROVIDER = { name: RUNTIME_PROVIDER, keywords: GC_KEYWORD | GC_COLLECT_KEYWORD, level: 4 } as const;

/**
 * Full blocking collections from outside, with the finalizers run in between: each event session with GCHeapCollect starts
 * one. About 110 ms each (the runtime flushes its buffers that often), whatever the heap. The first session of a process's
 * life leaves some 3,000 objects there; the others none.
 *
 * @throws DiagnosticsError when it cannot be reached, `deadline-exceeded` when it does not collect in `timeoutMs`
 */
export async function induceGarbageCollection(
  pid: number,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions = {},
): Promise<InducedCollections> {
  const start = performance.now();
  const client = await DiagnosticsClient.forProcess(pid);
  const limit = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, limit]) : limit;
  let collections = 0;
  for (;;) {
    const waiting = await collectOnce(client, pid, either, limit);
    collections++;
    const done = (result: InducedCollections['finalizers']): InducedCollections => {
      return { collections, durationMs: performance.now() - start, finalizers: result };
    };
    if (waiting === 'timeout') return done('timeout');
    // Twice at least: what finalizers let go is dead only then.
    if (collections >= 2 && (waiting === 0n || collections >= MOST_COLLECTIONS)) return done('drained');
  }
}

/** How many objects became due for finalization; the finalizers have run by then. */
async function collectOnce(
  client: DiagnosticsClient,
  pid: number,
  signal: AbortSignal,
  limit: AbortSignal,
): Promise<bigint | 'timeout'> {
  let number: number | undefined;
  let isCollected = false;
  let waiting: bigint | undefined;
  try {
    await using session = await client.startEventPipe({ providers: [PROVIDER], stacks: false, bufferMB: 4, signal });
    for await (const event of session) {
      const gc = decodeGcEvent(event);
      if (gc?.kind === 'start' && gc.depth === 2 && gc.isInduced && !gc.isBackground) number ??= gc.number;
      // The numbers of the heap come after the collection's end, or before it (server GC): with it in any case.
      if (gc?.kind === 'heap-stats' && number !== undefined) waiting ??= gc.promotedForFinalization;
      if (gc?.kind === 'end' && gc.number === number) isCollected = true;
      if (isCollected && waiting === 0n) break;
      if (isCollected && waiting !== undefined && gc?.kind === 'finalizers-end') break;
    }
  } catch (error) {
    if (limit.aborted && isCollected) return 'timeout';
    if (limit.aborted) {
      const what = `collect the garbage of process ${pid}`;
      throw new DiagnosticsError('timeout', { what, why: 'it did not in the time given', cause: error });
    }
    throw error;
  }
  if (!isCollected) {
    const what = `collect the garbage of process ${pid}`;
    throw new DiagnosticsError('connection-closed', { what, why: 'its events ended before the collection' });
  }
  return waiting ?? 0n;
}
