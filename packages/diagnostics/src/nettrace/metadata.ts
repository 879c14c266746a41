import { ByteReader, MalformedBytes } from '../wire/byte-reader.ts';
import type { EventType, FieldType } from './types.ts';

/** System.TypeCode, and EventPipe's own codes beyond it (ep-types.h). */
export const TYPE_CODE = {
  object: 1,
  boolean: 3,
  char: 4,
  sbyte: 5,
  byte: 6,
  int16: 7,
  uint16: 8,
  int32: 9,
  uint32: 10,
  int64: 11,
  uint64: 12,
  single: 13,
  double: 14,
  decimal: 15,
  dateTime: 16,
  guid: 17,
  string: 18,
  array: 19,
} as const;

const TAG_OPCODE = 1;
const TAG_V2_PARAMETERS = 2;
/** Nesting is free in the format; a stack of calls is not. */
const MAXIMUM_DEPTH = 32;

/** One record of a MetadataBlock: which id means which event. @throws MalformedBytes */
export function readMetadata(payload: Uint8Array): { metadataId: number; type: EventType } {
  const reader = new ByteReader(payload);
  const metadataId = reader.u32();
  const provider = reader.terminatedString();
  const id = reader.u32();
  const name = reader.terminatedString();
  const keywords = reader.u64();
  const version = reader.u32();
  const level = reader.u32();
  let fields = readFields(reader, 0);
  let opcode = 0;
  while (reader.remaining >= 5) {
    const size = reader.u32();
    const kind = reader.u8();
    const tag = new ByteReader(reader.bytes(size));
    if (kind === TAG_OPCODE) opcode = tag.u8();
    else if (kind === TAG_V2_PARAMETERS) fields = readFieldsV2(tag, 0);
  }
  return { metadataId, type: { provider, id, name, version, level, keywords, opcode, fields } };
}

function readFields(reader: ByteReader, depth: number): FieldType[] {
  const count = fieldCount(reader, depth);
  const fields: FieldType[] = [];
  for (let index = 0; index < count; index++) {
    const typeCode = reader.u32();
    const nested = typeCode === TYPE_CODE.object ? { fields: readFields(reader, depth + 1) } : {};
    fields.push({ name: reader.terminatedString(), typeCode, ...nested });
  }
  return fields;
}

function readFieldsV2(reader: ByteReader, depth: number): FieldType[] {
  const count = fieldCount(reader, depth);
  const fields: FieldType[] = [];
  for (let index = 0; index < count; index++) {
    const size = reader.u32();
    if (size < 4) throw new MalformedBytes(`a field description of ${size} bytes`);
    const field = new ByteReader(reader.bytes(size - 4));
    const name = field.terminatedString();
    fields.push({ name, ...readTypeV2(field, depth) });
  }
  return fields;
}

function readTypeV2(reader: ByteReader, depth: number): Omit<FieldType, 'name'> {
  if (depth > MAXIMUM_DEPTH) throw new MalformedBytes('fields are nested too deeply');
  const typeCode = reader.u32();
  if (typeCode === TYPE_CODE.array) return { typeCode, element: { name: '', ...readTypeV2(reader, depth + 1) } };
  if (typeCode === TYPE_CODE.object) return { typeCode, fields: readFieldsV2(reader, depth + 1) };
  return { typeCode };
}

function fieldCount(reader: ByteReader, depth: number): number {
  if (depth > MAXIMUM_DEPTH) throw new MalformedBytes('fields are nested too deeply');
  const count = reader.u32();
  // Each takes at least its type code and the NUL of its name.
  if (count * 6 > reader.remaining) throw new MalformedBytes(`${count} fields in ${reader.remaining} bytes`);
  return count;
}
