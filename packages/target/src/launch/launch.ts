import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isAlive, readStat } from '../proc/stat.ts';
import { launchError } from './launch-error.ts';

export interface LaunchOptions {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Default "inherit": the caller's own. */
  readonly stdin?: 'inherit' | 'ignore';
  /** Where the command's standard output goes; stderr is always the caller's own. Default "inherit". */
  readonly stdout?: 'inherit' | 'stderr';
  /** What the command writes comes here instead, as it comes. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
}

/** How a command ended. `exitCode` is what a shell would report: 128 + signal number after a signal. */
export interface CommandExit {
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
}

/** A command that was launched in a process group of its own. */
export interface LaunchedCommand {
  readonly pid: number;
  /** Start time in clock ticks (see ProcStat); undefined when the command was gone before it could be read. */
  readonly startTime: bigint | undefined;
  /** Never rejects. */
  readonly exited: Promise<CommandExit>;
  /** Undefined while the command runs. */
  readonly exit: CommandExit | undefined;
  /**
   * Sends a signal to every process of the command's group, as a terminal does on Ctrl-C.
   * False when no process of the group is left.
   */
  signalGroup(signal: NodeJS.Signals): boolean;
}

/**
 * Starts the command with the caller's standard streams, untouched.
 *
 * It gets a process group of its own (with Node that means a session of its own, setsid(2)), so that a terminal's Ctrl-C
 * reaches only us and the command gets it once, from us, whoever sent it: a terminal, a CI runner or `kill`.
 * @throws TargetError "command-not-found", "command-not-executable" or "launch-failed"
 */
export async function launch(options: LaunchOptions): Promise<LaunchedCommand> {
  const [program, ...args] = options.command;
  if (program === undefined || program === '')
    throw launchError(options, Object.assign(new Error(), { code: 'ENOENT' }));
  const spawnOptions: SpawnOptions = {
    env: options.environment,
    stdio: options.onOutput
      ? [options.stdin ?? 'inherit', 'pipe', 'pipe']
      : [options.stdin ?? 'inherit', options.stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
    detached: true,
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
  };
  let child: ChildProcess;
  try {
    child = spawn(program, args, spawnOptions);
  } catch (error) {
    // E2BIG and a NUL byte in an argument are thrown at once instead of being emitted.
    throw launchError(options, error);
  }
  const exited = new Promise<CommandExit>((resolve) => {
    child.once('exit', (code, signal) => resolve(commandExit(code, signal)));
  });
  const { onOutput } = options;
  if (onOutput)
    for (const name of ['stdout', 'stderr'] as const) child[name]?.on('data', (chunk: Buffer) => onOutput(name, chunk));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(launchError(options, error)));
  });
  // A failed kill() would be emitted as 'error'; without a listener that would end our own process.
  child.on('error', () => {});
  return new Command(child, exited);
}

class Command implements LaunchedCommand {
  readonly pid: number;
  readonly startTime: bigint | undefined;
  readonly exited: Promise<CommandExit>;
  #exit: CommandExit | undefined;

  constructor(child: ChildProcess, exited: Promise<CommandExit>) {
    this.pid = child.pid ?? 0;
    this.startTime = readStat(this.pid)?.startTime;
    this.exited = exited.then((exit) => {
      this.#exit = exit;
      return exit;
    });
  }

  get exit(): CommandExit | undefined {
    return this.#exit;
  }

  signalGroup(signal: NodeJS.Signals): boolean {
    // The group's number stays taken while any member lives, so this cannot hit a stranger's group unless all are gone
    // and the number was used again; the leader's start time tells these apart while it lives.
    if (this.#exit === undefined && this.startTime !== undefined && !isAlive(this.pid, this.startTime)) return false;
    try {
      process.kill(-this.pid, signal);
      return true;
    } catch {
      return false;
    }
  }
}

function commandExit(code: number | null, signal: NodeJS.Signals | null): CommandExit {
  if (signal !== null) return { exitCode: 128 + (constants.signals[signal] ?? 0), signal };
  return { exitCode: code ?? 0, signal: null };
}
