import { ByteCursor, MalformedSymbols } from './byte-cursor.ts';

const SIGNATURE = 0x424a_5342; // "BSJB"
const MAXIMUM_STREAMS = 64;
const MAXIMUM_STREAM_NAME_BYTES = 32;

/** Streams of a metadata root by name (ECMA-335 II.24.2.1). @throws MalformedSymbols */
export function readStreams(image: Uint8Array): Map<string, Uint8Array> {
  const cursor = new ByteCursor(image);
  if (cursor.u32() !== SIGNATURE) throw new MalformedSymbols('no metadata: BSJB is missing');
  cursor.skip(8);
  cursor.skip(cursor.u32());
  cursor.skip(2);
  const count = cursor.u16();
  if (count > MAXIMUM_STREAMS) throw new MalformedSymbols(`${count} streams`);
  const streams = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index++) {
    const offset = cursor.u32();
    const size = cursor.u32();
    const start = cursor.position;
    const name = cursor.terminated(MAXIMUM_STREAM_NAME_BYTES);
    // Names are padded to a multiple of four.
    cursor.skip((4 - ((cursor.position - start) % 4)) % 4);
    if (offset + size > image.length) throw new MalformedSymbols(`stream ${name} lies outside`);
    streams.set(name, image.subarray(offset, offset + size));
  }
  return streams;
}
