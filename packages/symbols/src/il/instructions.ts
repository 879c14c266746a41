import { ByteCursor, MalformedSymbols } from '../metadata/byte-cursor.ts';
import { OPCODE, operandBytes, PREFIX } from './operand-bytes.ts';

/**
 * Calls back for each instruction whose operand has four bytes: tokens are among them.
 * @param visit offset of the instruction; its opcode, 0xfe00 and the second byte for those of two; its operand; where it ends
 * @throws MalformedSymbols for what is no code
 */
export function eachInstruction(
  code: Uint8Array,
  visit: (offset: number, opcode: number, operand: number, end: number) => void,
): void {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  for (let at = 0; at < code.length; ) {
    const offset = at;
    let opcode = code[at++] ?? 0;
    if (opcode === PREFIX) opcode = 0xfe00 | (code[at++] ?? 0xff);
    const bytes = operandBytes(opcode);
    if (bytes === undefined || at + bytes > code.length) throw new MalformedSymbols(`no instruction at ${offset}`);
    if (bytes === 4) {
      const operand = view.getUint32(at, true);
      // A table of jumps: so many offsets of four bytes follow.
      if (opcode === OPCODE.switch) at += operand * 4;
      else visit(offset, opcode, operand, at + bytes);
    }
    at += bytes;
  }
}

const TINY = 2;
const FAT = 3;
export const FAT_HEADER_BYTES = 12;

/** The code of a method's body; what follows the code is not read. @throws MalformedSymbols */
export function methodCode(image: Uint8Array, offset: number): Uint8Array {
  const code = codeRange(image, offset);
  return new ByteCursor(image, code.offset).bytes(code.size);
}

/** Where the code of a method's body lies (II.25.4): behind a header tiny or fat. @throws MalformedSymbols */
export function codeRange(image: Uint8Array, offset: number): { readonly offset: number; readonly size: number } {
  const cursor = new ByteCursor(image, offset);
  const first = cursor.u8();
  if ((first & 3) === TINY) return { offset: offset + 1, size: first >>> 2 };
  if ((first & 3) !== FAT) throw new MalformedSymbols(`no method body at ${offset}`);
  const words = cursor.u8() >>> 4;
  cursor.skip(2);
  const size = cursor.u32();
  if (words * 4 < FAT_HEADER_BYTES) throw new MalformedSymbols(`no method body at ${offset}`);
  return { offset: offset + words * 4, size };
}
