import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { childEnvironment } from './child-environment.ts';

export interface RunOptions {
  readonly script: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  readonly onStarted?: (pid: number) => void;
}

export interface RunResult {
  /** 128 + the signal's number when it was killed, as shells have it. */
  readonly code: number;
  /** The runner asked us to stop; what is left to do is done in post. */
  readonly cancelled: boolean;
}

/** What the runner sends when a job is cancelled, and 7.5 s later (actions/runner, ProcessInvoker). */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs the firstchance command with our output; a cancelled job is passed on to it. @throws the system's error */
export async function runFirstchance(options: RunOptions): Promise<RunResult> {
  const { script, workingDirectory, onStarted } = options;
  const child = spawn(process.execPath, [script, ...options.arguments], {
    ...{ cwd: workingDirectory, env: childEnvironment(process.env), stdio: ['ignore', 'inherit', 'inherit'] },
  });
  let cancelled = false;
  const pass = (signal: NodeJS.Signals) => {
    cancelled = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  try {
    return await new Promise((done, failed) => {
      child.once('error', failed);
      child.once('spawn', () => onStarted?.(child.pid ?? 0));
      child.once('close', (code, signal) =>
        done({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), cancelled }),
      );
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
  }
}
