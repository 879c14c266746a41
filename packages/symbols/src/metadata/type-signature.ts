import { type ByteCursor, MalformedSymbols } from './byte-cursor.ts';
import { ANY_TYPE, withArguments } from './generic-names.ts';

/** Element types with a name of their own (ECMA-335 II.23.1.16). */
const PRIMITIVES: Readonly<Record<number, string>> = {
  ...{ 1: 'Void', 2: 'Boolean', 3: 'Char', 4: 'SByte', 5: 'Byte', 6: 'Int16', 7: 'UInt16', 8: 'Int32', 9: 'UInt32' },
  ...{ 10: 'Int64', 11: 'UInt64', 12: 'Single', 13: 'Double', 14: 'String', 22: 'TypedReference', 24: 'IntPtr' },
  ...{ 25: 'UIntPtr', 28: 'Object' },
};
const POINTER = 0x0f;
const BY_REFERENCE = 0x10;
const VALUE_TYPE = 0x11;
const CLASS = 0x12;
const TYPE_PARAMETER = 0x13;
const ARRAY = 0x14;
const GENERIC_INSTANCE = 0x15;
const VECTOR = 0x1d;
const METHOD_PARAMETER = 0x1e;
const REQUIRED_MODIFIER = 0x1f;
const OPTIONAL_MODIFIER = 0x20;

const DEEPEST = 32;
const MOST_DIMENSIONS = 32;
/** No compiler writes a longer name; a hostile signature could. */
export const LONGEST_NAME = 4096;

export interface SignatureType {
  /** As the engine writes types; type parameters are ANY_TYPE. */
  readonly name: string;
  /** A structure, whose constructor makes no object on the heap. */
  readonly isValueType: boolean;
}

/**
 * Reads a type of a signature (II.23.2.12).
 * @param nameOf name of a TypeDefOrRef coded index, with backticks
 * @throws MalformedSymbols, also for what has no name: a function pointer
 */
export function readSignatureType(cursor: ByteCursor, nameOf: (coded: number) => string, depth = 0): SignatureType {
  if (depth > DEEPEST) throw new MalformedSymbols('a signature is nested too deeply');
  const type = readType(cursor, nameOf, depth);
  if (type.name.length > LONGEST_NAME) throw new MalformedSymbols('a type has a name that is too long');
  return type;
}

function readType(cursor: ByteCursor, nameOf: (coded: number) => string, depth: number): SignatureType {
  const inner = () => readSignatureType(cursor, nameOf, depth + 1).name;
  const element = cursor.u8();
  const primitive = PRIMITIVES[element];
  if (primitive !== undefined) return reference(`System.${primitive}`);
  switch (element) {
    case POINTER:
      return reference(`${inner()}*`);
    case BY_REFERENCE:
      return reference(`${inner()}&`);
    case VALUE_TYPE:
    case CLASS:
      return { name: nameOf(cursor.compressed()), isValueType: element === VALUE_TYPE };
    case TYPE_PARAMETER:
    case METHOD_PARAMETER:
      cursor.compressed();
      return reference(ANY_TYPE);
    case GENERIC_INSTANCE:
      return readInstance(cursor, nameOf, depth);
    case VECTOR:
      return reference(`${inner()}[]`);
    case ARRAY:
      return reference(`${inner()}${readShape(cursor)}`);
    case REQUIRED_MODIFIER:
    case OPTIONAL_MODIFIER:
      cursor.compressed();
      return readSignatureType(cursor, nameOf, depth + 1);
    default:
      throw new MalformedSymbols(`element type 0x${element.toString(16)} has no name`);
  }
}

function readInstance(cursor: ByteCursor, nameOf: (coded: number) => string, depth: number): SignatureType {
  const isValueType = cursor.u8() === VALUE_TYPE;
  const open = nameOf(cursor.compressed());
  const count = cursor.compressed();
  const args: string[] = [];
  let length = open.length;
  for (let index = 0; index < count && length <= LONGEST_NAME; index += 1) {
    const { name } = readSignatureType(cursor, nameOf, depth + 1);
    length += name.length;
    args.push(name);
  }
  return { name: withArguments(open, args), isValueType };
}

/** "[,]"; an array of one dimension that is no vector is "[*]" (II.23.2.13). */
function readShape(cursor: ByteCursor): string {
  const rank = cursor.compressed();
  if (rank < 1 || rank > MOST_DIMENSIONS) throw new MalformedSymbols(`an array of ${rank} dimensions`);
  for (const sizes of [0, 1]) {
    const count = cursor.compressed();
    for (let index = 0; index < count; index += 1) sizes === 0 ? cursor.compressed() : cursor.compressedSigned();
  }
  return rank === 1 ? '[*]' : `[${','.repeat(rank - 1)}]`;
}

function reference(name: string): SignatureType {
  return { name, isValueType: false };
}
