import { setTimeout } from 'node:timers/promises';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { E_INVALIDARG } from '../error/hresult.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { exchange } from '../transport/exchange.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { COMMANDS } from '../wire/commands.ts';
import { checkResult } from './check-result.ts';
import type { AttachProfilerRequest, StartupProfilerRequest } from './types.ts';

const DEFAULT_ATTACH_TIMEOUT_MS = 30_000;

export function requestAttachProfiler(endpoint: Endpoint, request: AttachProfilerRequest): Promise<void> {
  const { clsid, path, data = new Uint8Array(0), timeoutMs = DEFAULT_ATTACH_TIMEOUT_MS } = request;
  const what = `attach the profiler ${path} to ${endpoint.name}`;
  const payload = build(what, () =>
    new ByteWriter().u32(Math.ceil(timeoutMs)).guid(clsid).string(path).u32(data.length).bytes(data).finish(),
  );
  return exchange(
    endpoint,
    { command: COMMANDS.attachProfiler, payload, what, options: request, defaultTimeoutMs: DEFAULT_ATTACH_TIMEOUT_MS },
    checkResult(what),
  );
}

/**
 * The runtime opens its socket a moment before it suspends, and refuses the command (E_INVALIDARG) in between just as it
 * does when it runs. No event tells the two apart: asking again does.
 */
const STARTUP_GRACE_MS = 1_000;
const STARTUP_RETRY_MS = 20;

export async function requestStartupProfiler(endpoint: Endpoint, request: StartupProfilerRequest): Promise<void> {
  const what = `set the startup profiler ${request.path} in ${endpoint.name}`;
  const payload = build(what, () => new ByteWriter().guid(request.clsid).string(request.path).finish());
  const giveUpAt = performance.now() + STARTUP_GRACE_MS;
  for (;;) {
    try {
      const message = { command: COMMANDS.startupProfiler, payload, what, options: request };
      await exchange(endpoint, message, checkResult(what));
      return;
    } catch (error) {
      if (!(error instanceof DiagnosticsError) || error.hresult !== E_INVALIDARG) throw error;
      if (performance.now() > giveUpAt) throw notSuspended(what, error);
    }
    await setTimeout(STARTUP_RETRY_MS);
  }
}

function notSuspended(what: string, cause: DiagnosticsError): DiagnosticsError {
  const why = 'the runtime is not suspended at its start (any more), where alone this is possible';
  const cure = 'use attachProfiler for a running process';
  return new DiagnosticsError('not-available-now', { what, why, cure, hresult: E_INVALIDARG, cause });
}

function build(what: string, write: () => Uint8Array): Uint8Array {
  try {
    return write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DiagnosticsError('invalid-argument', { what, why, cause });
  }
}
