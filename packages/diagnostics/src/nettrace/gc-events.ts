import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import { RUNTIME_PROVIDER } from './runtime-events.ts';
import type { TraceEvent } from './types.ts';

/* Events of the garbage collector; ids and layouts: dotnet/runtime src/coreclr/vm/ClrEtwAll.man. */

/** Keyword of the collector's own events. */
export const GC_KEYWORD = 0x1n;
/** Keyword that makes the runtime do one blocking full collection when the session starts (GCHeapCollect). */
export const GC_COLLECT_KEYWORD = 0x80_0000n;

export type GcEvent =
  | { kind: 'start'; number: number; depth: number; isInduced: boolean; isBackground: boolean }
  | { kind: 'end'; number: number }
  /** After a collection: how many dead objects now wait for their finalizer to run. */
  | { kind: 'heap-stats'; promotedForFinalization: bigint }
  | { kind: 'finalizers-end'; count: number };

/** Induced, and induced without and with compaction asked for. */
const REASONS_INDUCED = new Set([1, 7, 10]);
const READERS: Readonly<Record<number, (reader: ByteReader) => GcEvent>> = {
  1: (reader) => {
    const number = reader.u32();
    const depth = reader.u32();
    const isInduced = REASONS_INDUCED.has(reader.u32());
    return { kind: 'start', number, depth, isInduced, isBackground: reader.u32() === 1 };
  },
  2: (reader) => ({ kind: 'end', number: reader.u32() }),
  // Sizes and promoted bytes of generations 0, 1, 2 and of large objects come first, then promoted bytes for finalization.
  4: (reader) => {
    reader.bytes(9 * 8);
    return { kind: 'heap-stats', promotedForFinalization: reader.u64() };
  },
  13: (reader) => ({ kind: 'finalizers-end', count: reader.u32() }),
};

/** Null for every other event. */
export function decodeGcEvent({ type, payload }: Pick<TraceEvent, 'type' | 'payload'>): GcEvent | null {
  const read = type.provider === RUNTIME_PROVIDER ? READERS[type.id] : undefined;
  if (!read) return null;
  try {
    return read(new ByteReader(payload));
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}
