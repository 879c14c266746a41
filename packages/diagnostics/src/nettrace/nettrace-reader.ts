import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import { EMPTY_GUID } from '../wire/guid.ts';
import { ByteStream, StreamEnded } from './byte-stream.ts';
import { type EventBlob, readBlobs } from './event-blobs.ts';
import { readMetadata } from './metadata.ts';
import { type ObjectType, readBlock, readEndObject, readObjectType } from './objects.ts';
import { SequenceWatch } from './sequence.ts';
import { StackTable } from './stacks.ts';
import { readTraceHead, TRACE_HEAD_BYTES } from './trace-head.ts';
import type { EventType, TraceEvent, TraceGap, TraceInfo } from './types.ts';

const WHAT = 'read the trace';
const SERIALIZATION = '!FastSerialization.1';
/** Version 4 is what .NET Core 3 to .NET 10 write; 5 appended tags to metadata, which are read. */
const NEWEST_VERSION = 5;

/**
 * Reads a nettrace stream or file (perfview NetTraceFormat_v5.md) as it comes. Events are given in file order: sorted
 * within a thread, across threads only between sequence points; sort by `timeMs` where that matters.
 * Throws DiagnosticsError `corrupt-trace` | `unsupported-trace`. A stream that simply stops (the process was killed)
 * does not throw: `isComplete` stays false.
 */
export class NettraceReader implements AsyncIterable<TraceEvent> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #types = new Map<number, EventType>();
  readonly #sequence = new SequenceWatch();
  #info: TraceInfo | undefined;
  #stacks = new StackTable(8);
  #complete = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  /** Undefined until the first bytes were read. */
  get info(): TraceInfo | undefined {
    return this.#info;
  }

  /** True once the stream came to its proper end. */
  get isComplete(): boolean {
    return this.#complete;
  }

  /** Events the runtime dropped, as far as read: no gap means that nothing is missing. */
  get gaps(): TraceGap[] {
    return this.#sequence.gaps;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TraceEvent, void, undefined> {
    const stream = new ByteStream(this.#source);
    try {
      await readMagic(stream);
      for (;;) {
        const type = await readObjectType(stream);
        if (!type) break;
        yield* await this.#readObject(stream, type);
      }
      this.#complete = true;
    } catch (error) {
      if (error instanceof StreamEnded) return;
      if (!(error instanceof MalformedBytes)) throw error;
      throw new DiagnosticsError('corrupt-trace', { what: WHAT, why: error.message, cause: error });
    } finally {
      await stream.close();
    }
  }

  async #readObject(stream: ByteStream, type: ObjectType): Promise<Iterable<TraceEvent>> {
    if (type.name === 'Trace') {
      if (type.minimumReaderVersion > NEWEST_VERSION) throw unsupported(`its format version is ${type.version}`);
      this.#info = readTraceHead(await stream.take(TRACE_HEAD_BYTES), type.version);
      this.#stacks = new StackTable(this.#info.pointerBytes);
      await readEndObject(stream);
      return [];
    }
    if (!this.#info) throw new MalformedBytes(`${type.name} comes before the head of the trace`);
    const block = await readBlock(stream);
    await readEndObject(stream);
    return this.#readBlock(type.name, block, this.#info);
  }

  #readBlock(name: string, block: Uint8Array, info: TraceInfo): Iterable<TraceEvent> {
    switch (name) {
      case 'EventBlock':
        return this.#events(block, info);
      case 'MetadataBlock':
        for (const { payload } of readBlobs(block)) {
          const { metadataId, type } = readMetadata(payload);
          this.#types.set(metadataId, type);
        }
        return [];
      case 'StackBlock':
        this.#stacks.addBlock(block);
        return [];
      case 'SPBlock':
        this.#sequence.sequencePoint(block);
        this.#stacks.clear();
        return [];
      default:
        // Every block begins with its size: a kind that came later can be skipped.
        return [];
    }
  }

  *#events(block: Uint8Array, info: TraceInfo): Generator<TraceEvent, void, undefined> {
    for (const blob of readBlobs(block)) {
      this.#sequence.event(blob.captureThreadId, blob.sequenceNumber);
      const type = this.#types.get(blob.metadataId);
      if (!type) throw new MalformedBytes(`an event of unknown type ${blob.metadataId}`);
      yield this.#event(blob, type, info);
    }
  }

  #event(blob: EventBlob, type: EventType, info: TraceInfo): TraceEvent {
    const ticks = BigInt.asIntN(64, blob.timestamp - info.startTicks);
    return {
      type,
      timeMs: (Number(ticks) * 1000) / Number(info.ticksPerSecond),
      threadId: Number(blob.threadId),
      captureThreadId: Number(blob.captureThreadId),
      processor: blob.processor,
      sequenceNumber: blob.sequenceNumber,
      activityId: blob.activityId === EMPTY_GUID ? null : blob.activityId,
      relatedActivityId: blob.relatedActivityId === EMPTY_GUID ? null : blob.relatedActivityId,
      stack: this.#stacks.addresses(blob.stackId),
      payload: blob.payload,
    };
  }
}

async function readMagic(stream: ByteStream): Promise<void> {
  const magic = Buffer.from(await stream.take(8)).toString('latin1');
  if (magic !== 'Nettrace') throw unsupported('it does not begin with "Nettrace"');
  const length = new ByteReader(await stream.take(4)).u32();
  // From version 6 on four zero bytes and a version follow, and nothing is FastSerialization any more.
  if (length === 0) throw unsupported(`its format version is ${new ByteReader(await stream.take(4)).u32()}`);
  if (length !== SERIALIZATION.length || Buffer.from(await stream.take(length)).toString('latin1') !== SERIALIZATION) {
    throw new MalformedBytes(`${SERIALIZATION} does not follow the magic`);
  }
}

function unsupported(why: string): DiagnosticsError {
  const cure = `only nettrace versions 4 and ${NEWEST_VERSION} are read, as the runtimes from .NET Core 3 to .NET 10 write them`;
  return new DiagnosticsError('unsupported-trace', { what: WHAT, why, cure });
}
