import { isAbsolute, join } from 'node:path';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { exchange } from '../transport/exchange.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { COMMANDS } from '../wire/commands.ts';
import { checkResult } from './check-result.ts';
import { fileSize, watchDump } from './dump-progress.ts';
import type { RuntimeDumpKind, WriteDumpRequest, WrittenDump } from './types.ts';

/** Writing a big heap takes minutes, and the answer comes only at the end. */
const DEFAULT_DUMP_TIMEOUT_MS = 10 * 60_000;

const TYPES: Record<RuntimeDumpKind, number> = { mini: 1, heap: 2, triage: 3, full: 4 };
const FLAG_LOGGING = 1;
const FLAG_VERBOSE_LOGGING = 2;
const FLAG_CRASH_REPORT = 4;

/**
 * Has the runtime write a dump of its own process: it runs createdump, which stops all threads until the last byte is
 * written. Cancelling or a time-out end the waiting only; the runtime finishes its file.
 */
export async function requestDump(endpoint: Endpoint, request: WriteDumpRequest): Promise<WrittenDump> {
  const { path, kind } = request;
  const what = `have ${endpoint.name} write a ${kind} dump to ${path}`;
  if (!isAbsolute(path)) {
    const why = 'the path is not absolute and would be taken from the working directory of the target';
    throw new DiagnosticsError('invalid-argument', { what, why });
  }
  const visiblePath = join(endpoint.root, path);
  const started = performance.now();
  const stopWatching = request.onProgress ? watchDump(visiblePath, request.onProgress) : undefined;
  try {
    await sendDump(endpoint, request, what);
  } finally {
    stopWatching?.();
  }
  return { path, visiblePath, bytes: fileSize(visiblePath), durationMs: performance.now() - started };
}

async function sendDump(endpoint: Endpoint, request: WriteDumpRequest, what: string): Promise<void> {
  const { kind, logging = 'none', crashReport = false } = request;
  // createdump expands %p, %e and more in the name it is given: %% is a plain percent sign.
  const path = request.path.replaceAll('%', '%%');
  const flags =
    (logging === 'none' ? 0 : FLAG_LOGGING) |
    (logging === 'verbose' ? FLAG_VERBOSE_LOGGING : 0) |
    (crashReport ? FLAG_CRASH_REPORT : 0);
  const payload = (flagBits: number) => new ByteWriter().string(path).u32(TYPES[kind]).u32(flagBits).finish();
  const attempts = [
    { command: COMMANDS.generateCoreDump3, payload: payload(flags) },
    { command: COMMANDS.generateCoreDump2, payload: payload(flags) },
    { command: COMMANDS.generateCoreDump, payload: payload(flags & FLAG_LOGGING) },
  ];
  let last: unknown;
  for (const attempt of attempts) {
    try {
      const options = { ...request };
      await exchange(
        endpoint,
        { ...attempt, what, options, defaultTimeoutMs: DEFAULT_DUMP_TIMEOUT_MS },
        checkResult(what),
      );
      return;
    } catch (error) {
      if (!(error instanceof DiagnosticsError && error.code === 'unknown-command')) throw error;
      last = error;
    }
  }
  throw last;
}
