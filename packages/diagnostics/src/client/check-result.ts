import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { explainHresult } from '../error/hresult.ts';
import type { ByteReader } from '../wire/byte-reader.ts';

/** A success reply may still carry a failed HRESULT (24 bytes instead of 20). */
export function checkResult(what: string): (payload: ByteReader) => void {
  return (payload) => {
    if (payload.remaining < 4) return;
    const hresult = payload.u32();
    // The top bit tells failure; S_FALSE and its like are successes.
    if (hresult < 0x8000_0000) return;
    const { code, why } = explainHresult(hresult);
    throw new DiagnosticsError(code, { what, why, hresult });
  };
}
