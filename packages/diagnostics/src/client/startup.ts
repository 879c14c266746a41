import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { exchange } from '../transport/exchange.ts';
import type { CallOptions } from '../transport/options.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { COMMANDS, type Command } from '../wire/commands.ts';
import { checkResult } from './check-result.ts';
import type { PerfMapKind } from './types.ts';

export function requestResume(endpoint: Endpoint, options: CallOptions): Promise<void> {
  return tell(endpoint, COMMANDS.resumeRuntime, new ByteWriter(), `resume ${endpoint.name}`, options);
}

export function requestSetEnvironmentVariable(
  endpoint: Endpoint,
  name: string,
  value: string | null,
  options: CallOptions,
): Promise<void> {
  const payload = new ByteWriter().string(name).string(value);
  return tell(endpoint, COMMANDS.setEnvironmentVariable, payload, `set ${name} in ${endpoint.name}`, options);
}

const PERF_MAP_TYPES: Record<PerfMapKind, number> = { all: 1, jitdump: 2, perfmap: 3 };

export function requestEnablePerfMap(endpoint: Endpoint, kind: PerfMapKind, options: CallOptions): Promise<void> {
  const payload = new ByteWriter().u32(PERF_MAP_TYPES[kind]);
  return tell(endpoint, COMMANDS.enablePerfMap, payload, `enable the perf map of ${endpoint.name}`, options);
}

export function requestDisablePerfMap(endpoint: Endpoint, options: CallOptions): Promise<void> {
  return tell(endpoint, COMMANDS.disablePerfMap, new ByteWriter(), `disable the perf map of ${endpoint.name}`, options);
}

export async function requestApplyStartupHook(endpoint: Endpoint, path: string, options: CallOptions): Promise<void> {
  const what = `apply the startup hook ${path} to ${endpoint.name}`;
  // An assembly that cannot be loaded is an unhandled exception in the target: it would kill the program (measured, .NET 10).
  if (!isAbsolute(path) || !isFile(join(endpoint.root, path))) {
    const why = 'it is not the absolute path of a file that the target has too';
    throw new DiagnosticsError('invalid-argument', { what, why });
  }
  const payload = new ByteWriter().string(path);
  await tell(endpoint, COMMANDS.applyStartupHook, payload, what, options);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function tell(
  endpoint: Endpoint,
  command: Command,
  payload: ByteWriter,
  what: string,
  options: CallOptions,
): Promise<void> {
  return exchange(endpoint, { command, payload: payload.finish(), what, options }, checkResult(what));
}
