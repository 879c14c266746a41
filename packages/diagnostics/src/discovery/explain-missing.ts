import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { MAXIMUM_SOCKET_PATH_BYTES } from '../transport/connect.ts';
import type { SearchedPlace } from './locate-socket.ts';
import { readEnvironment, readRuntimeTrace } from './proc.ts';

const SWITCHES = ['EnableDiagnostics', 'EnableDiagnostics_IPC'].flatMap((name) => [
  `DOTNET_${name}`,
  `COMPlus_${name}`,
]);

/** Why a living process has no diagnostics socket, as exactly as /proc tells. */
export function explainMissing(pid: number, places: readonly SearchedPlace[]): DiagnosticsError {
  const what = `reach the .NET runtime of process ${pid}`;
  const trace = readRuntimeTrace(pid);
  const environment = readEnvironment(pid);
  if (trace === 'unreadable' || !environment) {
    return new DiagnosticsError('permission-denied', {
      what,
      why: 'it may not be looked at: its memory map or environment in /proc is not readable',
      cure: 'run as the user of the process, or as root; root in a container needs the capability SYS_PTRACE, too',
    });
  }
  if (trace === 'none') {
    return new DiagnosticsError('not-dotnet', {
      what,
      why: 'no .NET runtime is loaded in it and it has no diagnostics socket',
      cure: 'give the pid of the program itself, not of a shell or launcher; Native AOT programs have a socket only with EventSourceSupport',
    });
  }
  const off = SWITCHES.find((name) => /^(?:0x)?0+$/i.test(environment.get(name)?.trim() ?? ''));
  if (off) {
    return new DiagnosticsError('diagnostics-disabled', {
      what,
      why: `its diagnostics are switched off (${off}=${environment.get(off)})`,
      cure: `start it without ${off}`,
    });
  }
  return new DiagnosticsError('socket-missing', { what, ...missingReason(trace, places) });
}

function missingReason(trace: 'runtime' | 'host', places: readonly SearchedPlace[]): { why: string; cure: string } {
  const tooLong = places.find(({ targetPath }) => Buffer.byteLength(targetPath) > MAXIMUM_SOCKET_PATH_BYTES);
  if (tooLong) {
    return {
      why: `its TMPDIR is too long: ${tooLong.targetPath} has ${Buffer.byteLength(tooLong.targetPath)} bytes, a socket path holds ${MAXIMUM_SOCKET_PATH_BYTES}`,
      cure: 'start it with a shorter TMPDIR',
    };
  }
  const [place] = places;
  if (place && !isFolder(dirname(place.path))) {
    return {
      why: `the folder of its socket, ${dirname(place.targetPath)}, is not there`,
      cure: 'start it with a TMPDIR that exists and that it may write to',
    };
  }
  if (trace === 'host') return { why: 'its runtime is still being loaded', cure: 'try again in a moment' };
  return {
    why: `there is no ${place?.targetPath ?? 'diagnostics socket'}`,
    cure: 'it may still be starting; else its TMPDIR was not writable, or the file was removed, and it must be started again',
  };
}

function isFolder(path: string): boolean {
  try {
    accessSync(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
