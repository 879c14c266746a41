import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { ByteStream } from './byte-stream.ts';

// FastSerialization tags (perfview NetTraceFormat_v5.md, "Objects").
const NULL_REFERENCE = 1;
const BEGIN_PRIVATE_OBJECT = 5;
const END_OBJECT = 6;

/** The runtime writes blocks of about 100 KB; one event holds at most 64 KB. */
const MAXIMUM_BLOCK_BYTES = 64 * 1024 * 1024;
const MAXIMUM_NAME_BYTES = 256;

export interface ObjectType {
  readonly name: string;
  readonly version: number;
  readonly minimumReaderVersion: number;
}

/** Reads tag and type of the next object; null at the tag that ends the stream. */
export async function readObjectType(stream: ByteStream): Promise<ObjectType | null> {
  const at = stream.offset;
  const [tag] = await stream.take(1);
  if (tag === NULL_REFERENCE) return null;
  const [typeTag, typeOfType] = await stream.take(2);
  if (tag !== BEGIN_PRIVATE_OBJECT || typeTag !== BEGIN_PRIVATE_OBJECT || typeOfType !== NULL_REFERENCE) {
    throw new MalformedBytes(`no object begins at ${at}`);
  }
  const head = new ByteReader(await stream.take(12));
  const version = head.i32();
  const minimumReaderVersion = head.i32();
  const length = head.u32();
  if (length > MAXIMUM_NAME_BYTES) throw new MalformedBytes(`a type name of ${length} bytes at ${at}`);
  const name = Buffer.from(await stream.take(length)).toString('utf8');
  await readEndObject(stream);
  return { name, version, minimumReaderVersion };
}

export async function readEndObject(stream: ByteStream): Promise<void> {
  const at = stream.offset;
  const [tag] = await stream.take(1);
  if (tag !== END_OBJECT) throw new MalformedBytes(`the object before ${at} does not end there`);
}

/** A block's bytes: i32 size, zeros up to a multiple of 4 in the file, then that many bytes. */
export async function readBlock(stream: ByteStream): Promise<Uint8Array> {
  const at = stream.offset;
  const size = new ByteReader(await stream.take(4)).u32();
  if (size > MAXIMUM_BLOCK_BYTES) throw new MalformedBytes(`a block of ${size} bytes at ${at}`);
  await stream.take((4 - (stream.offset % 4)) % 4);
  return await stream.take(size);
}
