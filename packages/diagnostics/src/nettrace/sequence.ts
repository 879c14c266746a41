import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { TraceGap } from './types.ts';

const MODULUS = 2 ** 32;
/** A step backwards looks like an enormous step forwards: half the range tells them apart. */
const BACKWARDS = 2 ** 31;

/** Finds dropped events: each thread numbers its own, from 1 on, and a dropped event has a number too. */
export class SequenceWatch {
  readonly #last = new Map<bigint, number>();
  readonly #lost = new Map<bigint, number>();

  event(captureThreadId: bigint, sequenceNumber: number): void {
    const last = this.#last.get(captureThreadId) ?? 0;
    this.#last.set(captureThreadId, sequenceNumber);
    // 1 again: a new thread got the id of one that had ended.
    if (sequenceNumber === 1) return;
    this.#add(captureThreadId, distance(last, sequenceNumber) - 1);
  }

  /** A sequence point holds the lowest number each thread can have reached; more than we saw means loss. */
  sequencePoint(block: Uint8Array): void {
    const reader = new ByteReader(block);
    reader.u64();
    const count = reader.u32();
    if (count * 12 > reader.remaining) throw new MalformedBytes(`${count} threads in ${reader.remaining} bytes`);
    for (let index = 0; index < count; index++) {
      const threadId = reader.u64();
      const sequenceNumber = reader.u32();
      const ahead = distance(this.#last.get(threadId) ?? 0, sequenceNumber);
      if (ahead === 0) continue;
      if (ahead < BACKWARDS) this.#last.set(threadId, sequenceNumber);
      this.#add(threadId, ahead);
    }
  }

  #add(threadId: bigint, count: number): void {
    if (count <= 0 || count >= BACKWARDS) return;
    this.#lost.set(threadId, (this.#lost.get(threadId) ?? 0) + count);
  }

  get gaps(): TraceGap[] {
    return [...this.#lost].map(([threadId, count]) => ({ captureThreadId: Number(threadId), count }));
  }
}

function distance(from: number, to: number): number {
  return (to - from + MODULUS) % MODULUS;
}
