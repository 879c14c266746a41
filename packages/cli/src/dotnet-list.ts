import { errorCode } from '@firstchance/model';
import { listProcesses, mappedRuntime, readCommandLine } from '@firstchance/target';
import type { DotnetProcess } from './ports.ts';

/** Loaded when it is needed: every command loads this file. */
const diagnostics = () => import('@firstchance/diagnostics');

const ANSWER_MS = 1_000;

/**
 * Processes with a diagnostics socket, and those that have the runtime mapped without one: with diagnostics switched off
 * they can be captured all the same. Only what this user may look at is found.
 */
export async function listDotnetProcesses(): Promise<DotnetProcess[]> {
  const { findProcesses } = await diagnostics();
  const withSocket = await findProcesses();
  const known = new Set(withSocket.map(({ pid }) => pid));
  const mapped = listProcesses().filter(({ pid }) => !known.has(pid) && mappedRuntime(pid) === 'coreclr');
  const answers = withSocket.map(async ({ pid, commandLine }) => ({ pid, commandLine, ...(await ask(pid)) }));
  const silent = mapped.map(({ pid }) => ({ pid, commandLine: readCommandLine(pid), hasSocket: false, runtime: null }));
  return [...(await Promise.all(answers)), ...silent].sort((a, b) => a.pid - b.pid);
}

/** A stopped process does not answer: that is no reason to wait long. Another user's socket is as good as none. */
async function ask(pid: number): Promise<{ hasSocket: boolean; runtime: string | null }> {
  try {
    const { DiagnosticsClient } = await diagnostics();
    const client = await DiagnosticsClient.forProcess(pid);
    const { runtimeVersion } = await client.processInfo({ signal: AbortSignal.timeout(ANSWER_MS) });
    return { hasSocket: true, runtime: runtimeVersion };
  } catch (error) {
    return { hasSocket: errorCode(error) !== 'permission-denied', runtime: null };
  }
}
