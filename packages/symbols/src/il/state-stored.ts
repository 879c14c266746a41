/** Opcodes of ECMA-335 III. */
const IL = { stloc0: 0x0a, stloc3: 0x0d, stlocS: 0x13, ldcM1: 0x15, ldc0: 0x16, ldc8: 0x1e, ldcS: 0x1f, ldc: 0x20 };
const DUP = 0x25;
const STFLD = 0x7d;
const TOKEN_BYTES = 4;

/**
 * The number that C# code stores in its state machine right before `end`: `this.<>1__state = num = N`, which is
 * ldarg.0, ldc.i4 N, dup, stloc, stfld. Undefined for other code.
 */
export function stateStoredBefore(code: Uint8Array, end: number): number | undefined {
  let at = end - TOKEN_BYTES - 1;
  if (at < 0 || code[at] !== STFLD) return undefined;
  if (code[at - 2] === IL.stlocS && code[at - 3] === DUP) at -= 3;
  else if (isBetween(code[at - 1], IL.stloc0, IL.stloc3) && code[at - 2] === DUP) at -= 2;
  else return undefined;
  if (at >= 5 && code[at - 5] === IL.ldc && code[at - 6] === 0x02)
    return new DataView(code.buffer, code.byteOffset).getInt32(at - 4, true);
  if (code[at - 2] === IL.ldcS && code[at - 3] === 0x02) return ((code[at - 1] ?? 0) << 24) >> 24;
  const short = code[at - 1];
  return isBetween(short, IL.ldcM1, IL.ldc8) && code[at - 2] === 0x02 ? (short ?? 0) - IL.ldc0 : undefined;
}

function isBetween(value: number | undefined, first: number, last: number): boolean {
  return value !== undefined && value >= first && value <= last;
}
