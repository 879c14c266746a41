import { MalformedBytes } from './byte-reader.ts';
import type { Command } from './commands.ts';

/** "DOTNET_IPC_V1" and a NUL. */
const MAGIC = Buffer.from('DOTNET_IPC_V1\0', 'latin1');
export const HEADER_BYTES = 20;
/** The header's size field has 16 bits and counts the whole message. */
const MAXIMUM_PAYLOAD_BYTES = 0xffff - HEADER_BYTES;

const SERVER_SET = 0xff;
const OK_ID = 0x00;
const ERROR_ID = 0xff;

export interface MessageHeader {
  /** Bytes of the whole message, header included. */
  readonly size: number;
  readonly set: number;
  readonly id: number;
}

/** @throws RangeError when the payload does not fit into one message (65,515 bytes) */
export function encodeMessage(
  command: Pick<Command, 'set' | 'id'>,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  if (payload.length > MAXIMUM_PAYLOAD_BYTES) {
    throw new RangeError(`a request holds at most ${MAXIMUM_PAYLOAD_BYTES} bytes, this one has ${payload.length}`);
  }
  const message = Buffer.alloc(HEADER_BYTES + payload.length);
  MAGIC.copy(message);
  message.writeUInt16LE(message.length, 14);
  message.writeUInt8(command.set, 16);
  message.writeUInt8(command.id, 17);
  message.set(payload, HEADER_BYTES);
  return message;
}

/** @throws MalformedBytes when these are not the 20 bytes of a header */
export function decodeHeader(bytes: Uint8Array): MessageHeader {
  if (bytes.length < HEADER_BYTES) throw new MalformedBytes(`a header has ${HEADER_BYTES} bytes, not ${bytes.length}`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC))
    throw new MalformedBytes('the answer does not start with DOTNET_IPC_V1');
  const size = buffer.readUInt16LE(14);
  if (size < HEADER_BYTES) throw new MalformedBytes(`a message of ${size} bytes is smaller than its header`);
  return { size, set: buffer.readUInt8(16), id: buffer.readUInt8(17) };
}

/** What a reply is: success, or an error with its HRESULT first in the payload. */
export function replyKind({ set, id }: MessageHeader): 'ok' | 'error' {
  if (set === SERVER_SET && id === OK_ID) return 'ok';
  if (set === SERVER_SET && id === ERROR_ID) return 'error';
  throw new MalformedBytes(`reply of unknown kind: set 0x${set.toString(16)}, id 0x${id.toString(16)}`);
}
