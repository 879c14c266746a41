import { once } from 'node:events';
import { expect } from 'vitest';
import { fixture, Running, type StartOptions } from './firstchance.ts';

/** The heap fixture, running and answering on its standard input and output. */
export class HeapTarget implements AsyncDisposable {
  readonly #running: Running;
  /** As the target itself knows it: in another pid namespace that is not ours. */
  readonly pid: number;

  private constructor(running: Running, pid: number) {
    this.#running = running;
    this.pid = pid;
  }

  /** @param more options of the program that come before the usual ones, and win */
  static async start(
    options: StartOptions = {},
    prefix: readonly string[] = ['dotnet', fixture('heap')],
    more: readonly string[] = [],
  ) {
    const usual = ['--mb', '8', '--blocked', '5', '--workers', '1', '--pulse', '0'];
    const [command = '', ...args] = [...prefix, ...more, ...usual];
    const running = new Running(command, args, { ...options, stdin: 'pipe' });
    // A target that was killed reads no more; who asks it is told so by its end.
    running.child.stdin?.on('error', () => {});
    await running.until('"orders"');
    return new HeapTarget(running, Number(/"pid":(\d+)/.exec(running.stdout)?.[1]));
  }

  /** Pid of what was started: the target, or what started it. */
  get launched(): number {
    return this.#running.child.pid ?? 0;
  }

  /** Fails unless the target lives and its heap is as it was made. */
  async expectUnharmed(): Promise<void> {
    expect(await this.ask('check')).toMatchObject({ check: 'ok' });
  }

  /** The target's answer to a command; fails when it has ended. */
  async ask(command: string): Promise<Record<string, unknown>> {
    const before = this.#running.stdout.length;
    this.#running.child.stdin?.write(`${command}\n`);
    for (;;) {
      // The runtime's createdump is a child of the target and writes its own lines to the target's output.
      const answer = /^(\{.*\})\n/m.exec(this.#running.stdout.slice(before))?.[1];
      if (answer !== undefined) return JSON.parse(answer) as Record<string, unknown>;
      expect(this.#running.child.exitCode ?? this.#running.child.signalCode).toBeNull();
      await Promise.race([once(this.#running.child, 'output'), once(this.#running.child, 'exit')]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that a test has killed does not read any more.
    this.#running.child.stdin?.on('error', () => {});
    this.#running.child.stdin?.end('quit\n');
    await this.#running.end();
  }
}
