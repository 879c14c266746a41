import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Arguments of a process; empty for a zombie, a kernel thread or a process that is gone. */
export function readCommandLine(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (text === '') return [];
    return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
  } catch {
    return [];
  }
}

/** Path of the executable; undefined when it may not be read (another user's process) or the process is gone. */
export function readExecutable(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}

/** What a process runs, as it was at about one moment. */
export interface Program {
  readonly executable: string | undefined;
  readonly commandLine: string[];
}

/**
 * Reads the executable first: where the process execs between the two reads, whoever looks again sees another executable and reads
 * again. The other way round, new executable and old arguments would look settled for good.
 */
export function readProgram(pid: number, executableOf = readExecutable, argumentsOf = readCommandLine): Program {
  const executable = executableOf(pid);
  return { executable, commandLine: argumentsOf(pid) };
}

/**
 * The name a person knows a .NET process by: the managed program where the executable is only its host.
 * `dotnet exec --runtimeconfig x.json /sdk/testhost.dll --port 1` is "testhost".
 */
export function processName(commandLine: readonly string[], fallback = 'unknown'): string {
  const executable = basename(commandLine[0] ?? '');
  if (executable === 'dotnet') {
    const program = commandLine
      .slice(1)
      .find((argument) => /\.(dll|exe)$/i.test(argument) && !argument.startsWith('-'));
    if (program) return basename(program).replace(/\.(dll|exe)$/i, '');
  }
  return executable || fallback;
}
