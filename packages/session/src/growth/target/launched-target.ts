import { humanMs } from '@firstchance/model';
import {
  type CommandExit,
  type LaunchedCommand,
  launch,
  OutputTail,
  ProcessTree,
  waitReady,
} from '@firstchance/target';
import { stopTree } from '../../run/stop-tree.ts';
import type { Session } from '../../session.ts';
import type { OperationSpec } from '../operation/operation-spec.ts';
import { CheckFailure } from '../run/check-failure.ts';
import type { HostedTarget, OtherProcess } from './hosted-target.ts';
import { originOf } from './origin.ts';
import { pickTarget } from './pick-target.ts';
import { readinessLook } from './readiness.ts';

export interface LaunchTargetOptions {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly operation: OperationSpec;
  readonly readyUrl: string | undefined;
  readonly readyTimeoutMs: number;
  readonly describe: (pid: number) => Promise<{ readonly runtime: string | null }>;
  /** What the program writes. */
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly signal: AbortSignal;
}

/** A program gets this long to end by itself before it is killed. */
const STOP_MS = 5_000;

/**
 * Starts the program and waits until it can take operations.
 * @throws CheckFailure when it does not get that far, TargetError when it does not start; nothing of it is left then
 */
export async function launchTarget(session: Session, options: LaunchTargetOptions): Promise<HostedTarget> {
  const tail = new OutputTail();
  const command = await launch({
    ...{ command: options.command, environment: options.environment, folder: options.folder },
    onOutput: (stream, chunk) => {
      tail.add(chunk);
      options.onOutput(stream, chunk);
    },
  });
  const host = new LaunchedHost(session, command, tail, options);
  try {
    return await host.ready();
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
}

class LaunchedHost implements AsyncDisposable {
  readonly #session: Session;
  readonly #command: LaunchedCommand;
  readonly #tail: OutputTail;
  readonly #options: LaunchTargetOptions;
  readonly #tree: ProcessTree;
  readonly #end = new AbortController();
  #pid: number | undefined;
  #disposed = false;

  constructor(session: Session, command: LaunchedCommand, tail: OutputTail, options: LaunchTargetOptions) {
    this.#session = session;
    this.#command = command;
    this.#tail = tail;
    this.#options = options;
    this.#tree = new ProcessTree(command.pid, {
      onDotnet: (process) => session.dotnetSeen(process.stat.pid, process.commandLine),
      // The command's own end is told with its exit code.
      onEnded: ({ stat }) => {
        if (stat.pid === command.pid) return;
        session.processEnded(stat.pid);
        if (stat.pid === this.#pid) this.#ended(undefined);
      },
    });
    void command.exited.then((exit) => {
      session.processEnded(command.pid, exit.exitCode);
      this.#ended(exit);
    });
  }

  async ready(): Promise<HostedTarget> {
    const { operation, readyUrl, readyTimeoutMs, describe, signal } = this.#options;
    const look = readinessLook(operation, readyUrl);
    const stop = AbortSignal.any([signal, this.#end.signal]);
    const why = await waitReady(
      (looking) => {
        this.#tree.look();
        return look(
          this.#candidates().map(({ pid }) => pid),
          looking,
        );
      },
      readyTimeoutMs,
      stop,
    );
    if (why !== undefined) throw this.#notReady(why, readyTimeoutMs);
    const target = pickTarget(this.#candidates(), operation, this.#shown());
    const { pid, facts } = target;
    this.#pid = pid;
    const { runtime } = await describe(pid);
    const needsOrigin = operation.kind === 'request' && operation.template.url.startsWith('/');
    const origin = needsOrigin ? (readyOrigin(readyUrl) ?? originOf(pid, `${facts.name} (pid ${pid})`)) : undefined;
    return {
      ...{ pid, name: facts.name, runtime, origin, ended: this.#end.signal },
      others: () => this.#others(pid),
      [Symbol.asyncDispose]: () => this[Symbol.asyncDispose](),
    };
  }

  /** SIGTERM to the whole group, as a CI would; what has not ended after a while is killed, and its children with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tree.look();
    this.#command.signalGroup('SIGTERM');
    const grace = setTimeout(() => this.#command.signalGroup('SIGKILL'), STOP_MS);
    await this.#command.exited;
    clearTimeout(grace);
    await stopTree(this.#tree);
    this.#tree[Symbol.dispose]();
  }

  /** As of now: a process that was started for an operation and has ended keeps nothing. */
  #others(checked: number): OtherProcess[] {
    this.#tree.look();
    return this.#candidates()
      .filter(({ pid }) => pid !== checked)
      .map(({ pid, facts: { name, commandLine } }) => ({ pid, name, commandLine }));
  }

  #candidates() {
    return this.#session.targets.interesting.filter(({ pid }) => this.#tree.get(pid) !== undefined);
  }

  #ended(exit: CommandExit | undefined): void {
    if (this.#disposed) return;
    const how = exit === undefined ? 'ended' : exit.signal ? `ended by ${exit.signal}` : `ended with ${exit.exitCode}`;
    this.#end.abort(
      new CheckFailure('target-ended', {
        what: this.#pid === undefined ? 'Waiting until the program is ready' : 'Doing the growth check',
        why: `"${this.#shown()}" ${how}${this.#lastWords()}`,
        cure: 'the program must run until the check has ended; start it alone to see why it does not',
      }),
    );
  }

  #notReady(why: string, limitMs: number): CheckFailure {
    return new CheckFailure('not-ready', {
      what: `Waiting until "${this.#shown()}" is ready`,
      why: `after ${humanMs(limitMs)} ${why}${this.#lastWords()}`,
      cure: '--ready URL names what answers when it is ready, --ready-timeout TIME gives it longer',
    });
  }

  #lastWords(): string {
    const lines = this.#tail.lines(5);
    return lines.length === 0 ? '; it wrote nothing' : `; the last it wrote: ${lines.join(' | ')}`;
  }

  #shown(): string {
    return this.#options.command.join(' ');
  }
}

function readyOrigin(readyUrl: string | undefined): string | undefined {
  return readyUrl === undefined || readyUrl.startsWith('/') ? undefined : new URL(readyUrl).origin;
}
