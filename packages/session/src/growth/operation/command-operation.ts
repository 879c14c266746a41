import { spawn } from 'node:child_process';
import { humanMs } from '@firstchance/model';
import { OutputTail } from '@firstchance/target';
import { type DoseResult, type Operation, repeat } from './operation.ts';
import { PLACEHOLDER } from './parse-request.ts';

export interface CommandOperationOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** For one run of the command, in ms. */
  readonly timeoutMs: number;
  /** Stands for {pid}. */
  readonly pid: number;
}

/**
 * A shell command. With {n} in it one run does the whole dose, without it is repeated. Any exit code but 0 is a failure.
 * It runs in a process group of its own, and nothing of the group outlives it.
 */
export class CommandOperation implements Operation {
  readonly name: string;
  readonly #command: string;
  readonly #options: CommandOperationOptions;

  constructor(command: string, options: CommandOperationOptions) {
    this.name = command;
    this.#command = command;
    this.#options = options;
  }

  async run(count: number, signal: AbortSignal): Promise<DoseResult> {
    if (!this.#command.includes(PLACEHOLDER)) return repeat(count, signal, () => this.#once(1, signal));
    const failure = await this.#once(count, signal);
    signal.throwIfAborted();
    return failure === undefined ? { done: count, failed: 0 } : { done: 0, failed: count, example: failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Undefined when it succeeded, else how it ended and the last it wrote. */
  async #once(operations: number, signal: AbortSignal): Promise<string | undefined> {
    const { environment, folder, timeoutMs, pid } = this.#options;
    // Only numbers of ours are put in: the command itself is the person's own.
    const text = this.#command.replaceAll(PLACEHOLDER, String(operations)).replaceAll('{pid}', String(pid));
    const limit = AbortSignal.timeout(timeoutMs);
    const stop = AbortSignal.any([signal, limit]);
    const tail = new OutputTail();
    const child = spawn('/bin/sh', ['-c', text], {
      ...{ cwd: folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    child.stdout?.on('data', (chunk: Buffer) => tail.add(chunk));
    child.stderr?.on('data', (chunk: Buffer) => tail.add(chunk));
    const killGroup = () => killAll(child.pid);
    stop.addEventListener('abort', killGroup, { once: true });
    if (stop.aborted) killGroup();
    try {
      const ended = await new Promise<string | undefined>((resolve) => {
        child.once('error', (error) => resolve(error.message));
        // "exit", not "close": a process it left behind may hold the pipes open for ever.
        child.once('exit', (code, by) => resolve(code === 0 ? undefined : by ? `signal ${by}` : `exit code ${code}`));
      });
      if (ended === undefined) return undefined;
      const how = limit.aborted ? `no end after ${humanMs(timeoutMs)}` : ended;
      const said = tail.lines(3).join(' · ');
      return `"${this.#command}" failed: ${how}${said === '' ? '' : `: ${said}`}`;
    } finally {
      stop.removeEventListener('abort', killGroup);
      killGroup();
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
  }
}

function killAll(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
