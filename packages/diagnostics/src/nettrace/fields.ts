import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import { TYPE_CODE } from './metadata.ts';
import type { FieldType, FieldValue, TraceEvent } from './types.ts';

/**
 * The payload by the fields its provider declared; null where it declared none that fit (the runtime's own providers
 * declare none: see decodeExceptionThrown).
 */
export function decodeFields(event: Pick<TraceEvent, 'type' | 'payload'>): { [name: string]: FieldValue } | null {
  if (event.type.fields.length === 0) return null;
  try {
    return readFields(new ByteReader(event.payload), event.type.fields);
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

function readFields(reader: ByteReader, fields: readonly FieldType[]): { [name: string]: FieldValue } {
  // No prototype: a field may be called anything, "__proto__" too.
  const result: { [name: string]: FieldValue } = Object.create(null);
  for (const field of fields) result[field.name] = readValue(reader, field);
  return result;
}

const READERS: Readonly<Record<number, (reader: ByteReader) => FieldValue>> = {
  // EventSource writes a bool as four bytes.
  [TYPE_CODE.boolean]: (reader) => reader.u32() !== 0,
  [TYPE_CODE.char]: (reader) => String.fromCharCode(reader.u16()),
  [TYPE_CODE.sbyte]: (reader) => (reader.u8() << 24) >> 24,
  [TYPE_CODE.byte]: (reader) => reader.u8(),
  [TYPE_CODE.int16]: (reader) => (reader.u16() << 16) >> 16,
  [TYPE_CODE.uint16]: (reader) => reader.u16(),
  [TYPE_CODE.int32]: (reader) => reader.i32(),
  [TYPE_CODE.uint32]: (reader) => reader.u32(),
  [TYPE_CODE.int64]: (reader) => reader.i64(),
  [TYPE_CODE.uint64]: (reader) => reader.u64(),
  [TYPE_CODE.single]: (reader) => reader.f32(),
  [TYPE_CODE.double]: (reader) => reader.f64(),
  [TYPE_CODE.decimal]: (reader) => reader.bytes(16),
  [TYPE_CODE.dateTime]: (reader) => reader.i64(),
  [TYPE_CODE.guid]: (reader) => reader.guid(),
  [TYPE_CODE.string]: (reader) => reader.terminatedString(),
};

function readValue(reader: ByteReader, field: FieldType): FieldValue {
  if (field.typeCode === TYPE_CODE.object) return readFields(reader, field.fields ?? []);
  if (field.typeCode === TYPE_CODE.array && field.element) return readArray(reader, field.element);
  const read = READERS[field.typeCode];
  if (!read) throw new MalformedBytes(`unknown type code ${field.typeCode}`);
  return read(reader);
}

function readArray(reader: ByteReader, element: FieldType): FieldValue[] {
  const count = reader.u16();
  const result: FieldValue[] = [];
  for (let index = 0; index < count; index++) result.push(readValue(reader, element));
  return result;
}
