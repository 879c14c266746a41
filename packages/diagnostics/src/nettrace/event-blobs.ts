import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import { EMPTY_GUID } from '../wire/guid.ts';

/** An event or metadata record as it stands in its block (perfview NetTraceFormat_v5.md, "Event blobs"). */
export interface EventBlob {
  readonly metadataId: number;
  readonly sequenceNumber: number;
  readonly threadId: bigint;
  readonly captureThreadId: bigint;
  readonly processor: number;
  readonly stackId: number;
  readonly timestamp: bigint;
  readonly activityId: string;
  readonly relatedActivityId: string;
  readonly payload: Uint8Array;
}

const HEADER_COMPRESSION = 1;

/** All blobs of an EventBlock or MetadataBlock. @throws MalformedBytes */
export function* readBlobs(block: Uint8Array): Generator<EventBlob, void, undefined> {
  const reader = new ByteReader(block);
  const headerBytes = reader.u16();
  const flags = reader.u16();
  if (headerBytes < 4) throw new MalformedBytes(`a block header of ${headerBytes} bytes`);
  // Minimum and maximum time, and whatever a later version appends.
  reader.skip(headerBytes - 4);
  const next = (flags & HEADER_COMPRESSION) !== 0 ? compressedReader(reader) : () => readPlain(reader);
  while (reader.remaining > 0) yield next();
}

function readPlain(reader: ByteReader): EventBlob {
  const size = reader.u32();
  const end = reader.position + size;
  // The top bit says that all later events are younger; we give events in file order and do not need it.
  const metadataId = reader.u32() & 0x7fff_ffff;
  const sequenceNumber = reader.u32();
  const threadId = reader.u64();
  const captureThreadId = reader.u64();
  const processor = reader.u32();
  const stackId = reader.u32();
  const timestamp = reader.u64();
  const activityId = reader.guid();
  const relatedActivityId = reader.guid();
  const payload = reader.bytes(reader.u32());
  if (reader.position > end) throw new MalformedBytes(`an event of ${size} bytes is larger than it says`);
  // Padding: blocks begin at a multiple of 4 in the file, so alignment in the block is alignment in the file.
  reader.skip(Math.min(end - reader.position + ((4 - (end % 4)) % 4), reader.remaining));
  return {
    ...{ metadataId, sequenceNumber, threadId, captureThreadId, processor, stackId },
    ...{ timestamp, activityId, relatedActivityId, payload },
  };
}

const FLAG = {
  metadataId: 1,
  captureThreadAndSequence: 2,
  threadId: 4,
  stackId: 8,
  activityId: 16,
  relatedActivityId: 32,
  payloadSize: 128,
} as const;

/** Each header holds only what differs from the one before in its block. */
function compressedReader(reader: ByteReader): () => EventBlob {
  let metadataId = 0;
  let sequenceNumber = 0;
  let captureThreadId = 0n;
  let processor = 0;
  let threadId = 0n;
  let stackId = 0;
  let timestamp = 0n;
  let activityId = EMPTY_GUID;
  let relatedActivityId = EMPTY_GUID;
  let payloadSize = 0;
  return () => {
    const flags = reader.u8();
    if (flags & FLAG.metadataId) metadataId = reader.varU32();
    if (flags & FLAG.captureThreadAndSequence) {
      sequenceNumber = (sequenceNumber + reader.varU32()) >>> 0;
      captureThreadId = reader.varU64();
      processor = reader.varU32();
    }
    if (metadataId !== 0) sequenceNumber = (sequenceNumber + 1) >>> 0;
    if (flags & FLAG.threadId) threadId = reader.varU64();
    if (flags & FLAG.stackId) stackId = reader.varU32();
    timestamp = BigInt.asUintN(64, timestamp + reader.varU64());
    if (flags & FLAG.activityId) activityId = reader.guid();
    if (flags & FLAG.relatedActivityId) relatedActivityId = reader.guid();
    if (flags & FLAG.payloadSize) payloadSize = reader.varU32();
    return {
      ...{ metadataId, sequenceNumber, threadId, captureThreadId, processor, stackId },
      ...{ timestamp, activityId, relatedActivityId, payload: reader.bytes(payloadSize) },
    };
  };
}
