import { searchSocket } from './locate-socket.ts';
import { listPids, readCommandLine } from './proc.ts';

/** A process whose runtime can be asked. */
export interface DotnetProcess {
  readonly pid: number;
  /** Clock ticks after boot; with the pid it names the process for good. */
  readonly startTime: bigint;
  /** Pid inside its own container. */
  readonly namespacePid: number;
  readonly socketPath: string;
  readonly commandLine: readonly string[];
}

/**
 * Every living process that has a diagnostics socket which can be seen from here, containers included, by pid. Linux.
 * Sockets left behind by processes that have ended are not listed. Nothing is asked of the runtimes.
 */
export async function findProcesses(): Promise<DotnetProcess[]> {
  const result: DotnetProcess[] = [];
  for (const pid of listPids()) {
    const { found } = searchSocket(pid);
    if (!found) continue;
    const { startTime, namespacePid, path } = found;
    result.push({ pid, startTime, namespacePid, socketPath: path, commandLine: readCommandLine(pid) });
  }
  return result.sort((left, right) => left.pid - right.pid);
}
