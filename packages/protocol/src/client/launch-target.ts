import { randomUUID } from 'node:crypto';
import { clearTimeout, setTimeout } from 'node:timers';
import { FirstchanceError, lastWords } from '@firstchance/model/options';
import type { TargetExit } from '../wire/values.ts';
import type { SessionClient } from './session-client.ts';

export interface LaunchOptions {
  /** Working folder; default the process's own. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program is ready when it has written this; without it launch() answers as soon as it runs. */
  readonly ready?: RegExp | string;
  /** In ms; default 30 s. */
  readonly readyTimeout?: number;
}

/** A program under test that the session's server started. Disposed or stopped, it ends. */
export interface LaunchedTarget extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far to both streams, at most the last 1 MB. */
  readonly output: string;
  /** What `ready` matched: the groups of the expression. */
  readonly match: readonly string[];
  /** How it ended; undefined while it runs. */
  readonly exit: TargetExit | undefined;
  readonly exited: Promise<TargetExit>;
  /** SIGTERM, and SIGKILL when it does not end. Resolves when it has; also when the session is over. */
  stop(): Promise<TargetExit>;
}

const MAX_OUTPUT = 1_000_000;
const READY_MS = 30_000;

/**
 * Starts a program under the session: its exceptions, deadlines and growth are watched, and it ends with the session at the
 * latest. @throws FirstchanceError when it does not start or is not ready in time; nothing of it is left then
 */
export async function launchTarget(
  session: SessionClient,
  command: string,
  args: readonly string[],
  options: LaunchOptions = {},
): Promise<LaunchedTarget> {
  const { cwd = process.cwd(), env = {}, ready, readyTimeout = READY_MS } = options;
  const target = new Target(session, [command, ...args].join(' '));
  try {
    const { pid } = await session.request('target/launch', {
      ...{ targetId: target.id, command: [command, ...args], folder: cwd, environment: { ...env } },
    });
    target.pid = pid;
  } catch (error) {
    target.forget();
    throw error;
  }
  if (ready === undefined) return target;
  try {
    await target.until(ready, readyTimeout);
    return target;
  } catch (error) {
    await target.stop();
    throw error;
  }
}

class Target implements LaunchedTarget {
  readonly id = randomUUID();
  readonly exited: Promise<TargetExit>;
  pid = 0;
  output = '';
  match: readonly string[] = [];
  exit: TargetExit | undefined;
  readonly #session: SessionClient;
  readonly #shown: string;
  readonly #subscriptions: Disposable[] = [];
  #told: () => void = () => {};

  constructor(session: SessionClient, shown: string) {
    this.#session = session;
    this.#shown = shown;
    let ended: (exit: TargetExit) => void = () => {};
    this.exited = new Promise((resolve) => {
      ended = resolve;
    });
    const end = (exit: TargetExit) => {
      this.exit ??= exit;
      ended(this.exit);
      this.forget();
      this.#told();
    };
    const told = session.on('progress', (progress) => {
      if (!('targetId' in progress) || progress.targetId !== this.id) return;
      if (progress.about === 'output') {
        this.output = (this.output + progress.text).slice(-MAX_OUTPUT);
        this.#told();
      } else end({ exitCode: progress.exitCode, signal: progress.signal });
    });
    this.#subscriptions.push(
      told,
      session.onClosed(() => end({ exitCode: null, signal: null })),
    );
  }

  async until(ready: RegExp | string, limitMs: number): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#told();
    }, limitMs);
    try {
      for (;;) {
        const match = typeof ready === 'string' ? this.output.includes(ready) && [ready] : ready.exec(this.output);
        if (match) {
          this.match = [...match];
          return;
        }
        if (this.exit) throw this.#notReady(`it ended with ${this.exit.signal ?? this.exit.exitCode}`);
        if (late) throw this.#notReady(`it did not write ${ready} within ${limitMs} ms`);
        await new Promise<void>((resolve) => {
          this.#told = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<TargetExit> {
    if (this.exit || this.#session.closed) return this.exit ?? { exitCode: null, signal: null };
    return await this.#session.request('target/stop', { pid: this.pid });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** A worker's connection outlives many targets, and their output. */
  forget(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription[Symbol.dispose]();
  }

  #notReady(why: string): FirstchanceError {
    const last = lastWords(this.output, 5).join(' | ');
    return new FirstchanceError({
      ...{ code: 'not-ready', what: `Waiting until "${this.#shown}" is ready` },
      why: `${why}${last === '' ? '; it wrote nothing' : `; the last it wrote: ${last}`}`,
    });
  }
}
