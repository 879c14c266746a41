import type { DiagnosticsErrorCode } from './diagnostics-error.ts';

interface KnownResult {
  readonly name: string;
  readonly code: DiagnosticsErrorCode;
  readonly meaning: string;
}

// Values: dotnet/diagnostics ipc-protocol.md "Errors"; dotnet/runtime src/coreclr/inc/corerror.xml and winerror.h.
const KNOWN: ReadonlyMap<number, KnownResult> = new Map([
  entry(0x80131384, 'BAD_ENCODING', 'protocol-violation', 'the runtime could not read the request'),
  entry(0x80131385, 'UNKNOWN_COMMAND', 'unknown-command', 'this runtime does not know the command'),
  entry(0x80131386, 'UNKNOWN_MAGIC', 'protocol-violation', 'the runtime speaks another version of the protocol'),
  entry(0x80131515, 'COR_E_NOTSUPPORTED', 'not-supported', 'this runtime does not support it'),
  entry(0x80004005, 'E_FAIL', 'runtime-error', 'the runtime failed without a reason'),
  entry(0x8013135b, 'CORPROF_E_NOT_YET_AVAILABLE', 'not-available-now', 'the runtime is still starting'),
  entry(0x80131371, 'CORPROF_E_RUNTIME_UNINITIALIZED', 'not-available-now', 'the runtime is not started yet'),
  entry(0x80070057, 'E_INVALIDARG', 'invalid-argument', 'the runtime refused an argument'),
  entry(0x8007007a, 'ERROR_INSUFFICIENT_BUFFER', 'runtime-error', 'a buffer of the runtime was too small'),
  // ipc-protocol.md names the second value, .NET 10 answers with the first.
  entry(0x800700cb, 'ERROR_ENVVAR_NOT_FOUND', 'invalid-argument', 'there is no such environment variable'),
  entry(0x800000cb, 'ERROR_ENVVAR_NOT_FOUND', 'invalid-argument', 'there is no such environment variable'),
  entry(0x8013136a, 'CORPROF_E_PROFILER_ALREADY_ACTIVE', 'runtime-error', 'another profiler is loaded already'),
  entry(0x8013136e, 'CORPROF_E_PROFILER_NOT_ATTACHABLE', 'not-supported', 'the profiler cannot be attached'),
  entry(0x8013136f, 'CORPROF_E_PROFILER_DETACHING', 'not-available-now', 'another profiler is just being detached'),
  entry(0x80131367, 'CORPROF_E_PROFILER_CANCEL_ACTIVATION', 'runtime-error', 'the profiler declined to be activated'),
  entry(0x8007000e, 'E_OUTOFMEMORY', 'runtime-error', 'the runtime is out of memory'),
  entry(0x80004002, 'E_NOINTERFACE', 'runtime-error', 'the library has no such interface'),
  entry(0x8007007e, 'ERROR_MOD_NOT_FOUND', 'runtime-error', 'the library or one it needs could not be loaded'),
  entry(0x80070002, 'ERROR_FILE_NOT_FOUND', 'invalid-argument', 'the file was not found'),
  entry(0x80070005, 'E_ACCESSDENIED', 'permission-denied', 'access was denied'),
  entry(0x80004001, 'E_NOTIMPL', 'not-supported', 'this runtime does not implement it'),
]);

function entry(value: number, name: string, code: DiagnosticsErrorCode, meaning: string): [number, KnownResult] {
  return [value, { name, code, meaning }];
}

/** Name of an HRESULT (an unsigned or signed 32-bit number), or its hexadecimal digits when it has no known name. */
export function hresultName(hresult: number): string {
  const value = hresult >>> 0;
  return KNOWN.get(value)?.name ?? `0x${value.toString(16).padStart(8, '0')}`;
}

export const E_INVALIDARG = 0x80070057;

/** What an HRESULT means for the caller: the error's code and one sentence. */
export function explainHresult(hresult: number): { code: DiagnosticsErrorCode; why: string } {
  const value = hresult >>> 0;
  const digits = `0x${value.toString(16).padStart(8, '0')}`;
  const known = KNOWN.get(value);
  return known
    ? { code: known.code, why: `${known.meaning} (${known.name}, ${digits})` }
    : { code: 'runtime-error', why: `the runtime answered ${digits}` };
}
