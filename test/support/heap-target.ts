import { once } from 'node:events';
import { expect } from 'vitest';
import { fixture, Running, type StartOptions } from './firstchance.ts';

/** The heap fixture, running and answering on its standard input and output. */
export class HeapTarget implements AsyncDisposable {
  readonly #running: Running;
  readonly pid: number;

  private constructor(running: Running, pid: number) {
    this.#running = running;
    this.pid = pid;
  }

  static async start(options: StartOptions = {}, prefix: readonly string[] = ['dotnet', fixture('heap')]) {
    const [command = '', ...args] = [...prefix, '--mb', '8', '--blocked', '5', '--workers', '1', '--pulse', '0'];
    const running = new Running(command, args, { ...options, stdin: 'pipe' });
    await running.until('"orders"');
    return new HeapTarget(running, Number(/"pid":(\d+)/.exec(running.stdout)?.[1]));
  }

  /** Fails unless the target lives and its heap is as it was made. */
  async expectUnharmed(): Promise<void> {
    const before = this.#running.stdout.length;
    this.#running.child.stdin?.write('check\n');
    while (!/\{"check":.*\}\n/.test(this.#running.stdout.slice(before))) {
      expect(this.#running.child.exitCode ?? this.#running.child.signalCode).toBeNull();
      await Promise.race([once(this.#running.child, 'output'), once(this.#running.child, 'exit')]);
    }
    expect(this.#running.stdout.slice(before)).toContain('"check":"ok"');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running.child.stdin?.end('quit\n');
    await this.#running.end();
  }
}
