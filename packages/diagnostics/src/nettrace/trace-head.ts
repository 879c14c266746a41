import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { TraceInfo } from './types.ts';

export const TRACE_HEAD_BYTES = 48;

/** Fields of the Trace object (SYSTEMTIME first). @throws MalformedBytes */
export function readTraceHead(bytes: Uint8Array, formatVersion: number): TraceInfo {
  const reader = new ByteReader(bytes);
  const [year = 0, month = 0, , day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = Array.from(
    { length: 8 },
    () => reader.u16(),
  );
  const startTime = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  const startTicks = reader.u64();
  const ticksPerSecond = reader.u64();
  const pointerBytes = reader.u32();
  const processId = reader.u32();
  const processorCount = reader.u32();
  if (pointerBytes !== 4 && pointerBytes !== 8) throw new MalformedBytes(`pointers of ${pointerBytes} bytes`);
  if (ticksPerSecond === 0n) throw new MalformedBytes('a clock of 0 ticks per second');
  return { formatVersion, processId, pointerBytes, processorCount, startTime, startTicks, ticksPerSecond };
}
