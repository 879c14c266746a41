import type { DiagnosticsClient } from '@firstchance/diagnostics';

/** Loaded when a process is asked for the first time, not with the session. @throws DiagnosticsError when it has no socket */
export async function diagnosticsOf(pid: number): Promise<DiagnosticsClient> {
  const { DiagnosticsClient } = await import('@firstchance/diagnostics');
  return await DiagnosticsClient.forProcess(pid);
}
