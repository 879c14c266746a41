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

export function requestApplyStartupHook(endpoint: Endpoint, path: string, options: CallOptions): Promise<void> {
  const payload = new ByteWriter().string(path);
  return tell(endpoint, COMMANDS.applyStartupHook, payload, `apply ${path} to ${endpoint.name}`, options);
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
