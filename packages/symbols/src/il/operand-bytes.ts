/** Opcodes that are looked at (ECMA-335 III); those with two bytes are 0xfe00 and the second byte. */
export const OPCODE = {
  ...{ call: 0x28, callvirt: 0x6f, newobj: 0x73, ldsfld: 0x7e, ldsflda: 0x7f, stsfld: 0x80, newarr: 0x8d },
  ...{ ldftn: 0xfe06, ldvirtftn: 0xfe07, switch: 0x45 },
} as const;
export const PREFIX = 0xfe;

const INVALID = 255;

/** Bytes of an instruction's operand by its first byte; of `switch` only the count. INVALID: no such opcode. */
const ONE_BYTE = table(0xff, [
  [0, 0x00, 0x0d],
  [1, 0x0e, 0x13],
  [0, 0x14, 0x1e],
  [1, 0x1f],
  [4, 0x20],
  [8, 0x21],
  [4, 0x22],
  [8, 0x23],
  [0, 0x25, 0x26],
  [4, 0x27, 0x29],
  [0, 0x2a],
  [1, 0x2b, 0x37],
  [4, 0x38, 0x45],
  [0, 0x46, 0x6e],
  [4, 0x6f, 0x75],
  [0, 0x76],
  [4, 0x79],
  [0, 0x7a],
  [4, 0x7b, 0x81],
  [0, 0x82, 0x8b],
  [4, 0x8c, 0x8d],
  [0, 0x8e],
  [4, 0x8f],
  [0, 0x90, 0xa2],
  [4, 0xa3, 0xa5],
  [0, 0xb3, 0xba],
  [4, 0xc2],
  [0, 0xc3],
  [4, 0xc6],
  [4, 0xd0],
  [0, 0xd1, 0xdc],
  [4, 0xdd],
  [1, 0xde],
  [0, 0xdf, 0xe0],
]);

/** The same of the second byte of those that begin with PREFIX. */
const TWO_BYTES = table(0x1f, [
  [0, 0x00, 0x05],
  [4, 0x06, 0x07],
  [2, 0x09, 0x0e],
  [0, 0x0f],
  [0, 0x11],
  [1, 0x12],
  [0, 0x13, 0x14],
  [4, 0x15, 0x16],
  [0, 0x17, 0x18],
  [1, 0x19],
  [0, 0x1a],
  [4, 0x1c],
  [0, 0x1d, 0x1e],
]);

function table(last: number, ranges: readonly (readonly [bytes: number, from: number, to?: number])[]): Uint8Array {
  const result = new Uint8Array(last + 1).fill(INVALID);
  for (const [bytes, from, to = from] of ranges) result.fill(bytes, from, to + 1);
  return result;
}

/** Bytes of the operand; undefined when there is no such opcode. */
export function operandBytes(opcode: number): number | undefined {
  const bytes = opcode > 0xff ? TWO_BYTES[opcode & 0xff] : ONE_BYTE[opcode];
  return bytes === undefined || bytes === INVALID ? undefined : bytes;
}
