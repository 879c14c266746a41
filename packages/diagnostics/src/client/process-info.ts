import { DiagnosticsError } from '../error/diagnostics-error.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { exchange } from '../transport/exchange.ts';
import type { CallOptions } from '../transport/options.ts';
import type { ByteReader } from '../wire/byte-reader.ts';
import { COMMANDS } from '../wire/commands.ts';
import type { ProcessInfo } from './types.ts';

/** 1: .NET 5, 2: .NET 6, 3: .NET 8. */
export type InfoVersion = 1 | 2 | 3;

/** Reads the newest process info this runtime gives. */
export async function requestProcessInfo(endpoint: Endpoint, options: CallOptions): Promise<ProcessInfo> {
  const what = `read the process info of ${endpoint.name}`;
  const ask = (version: InfoVersion) => {
    const command = [COMMANDS.processInfo, COMMANDS.processInfo2, COMMANDS.processInfo3][version - 1];
    return exchange(endpoint, { command: command ?? COMMANDS.processInfo, what, options }, (payload) =>
      parseProcessInfo(payload, version),
    );
  };
  for (const version of [3, 2] as const) {
    try {
      return await ask(version);
    } catch (error) {
      if (!(error instanceof DiagnosticsError && error.code === 'unknown-command')) throw error;
    }
  }
  return await ask(1);
}

/** @throws MalformedBytes */
export function parseProcessInfo(payload: ByteReader, version: InfoVersion): ProcessInfo {
  // ProcessInfo3 begins with the version of its own payload; later ones may append fields.
  if (version === 3) payload.u32();
  const processId = Number(payload.u64());
  const runtimeCookie = payload.guid();
  const commandLine = payload.countedString();
  const operatingSystem = payload.countedString();
  const architecture = payload.countedString();
  return {
    processId,
    runtimeCookie,
    commandLine,
    operatingSystem,
    architecture,
    entryAssembly: version >= 2 ? payload.countedString() : null,
    runtimeVersion: version >= 2 ? payload.countedString() : null,
    runtimeIdentifier: version >= 3 ? payload.countedString() : null,
  };
}
