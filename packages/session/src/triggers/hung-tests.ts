/** A test that is past its deadline. */
export interface LateTest {
  readonly pid: number;
  readonly name: string;
}

interface Standstill {
  readonly late: Set<string>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Tells of processes that stand still because a test hangs: one of their tests is past its deadline, and for as long again no
 * test of theirs began or ended. What runs beside a hung test is let finish.
 */
export class HungTests implements Disposable {
  readonly #graceMs: number;
  readonly #onHung: (pid: number, tests: readonly string[]) => void;
  readonly #processes = new Map<number, Standstill>();

  constructor(graceMs: number, onHung: (pid: number, tests: readonly string[]) => void) {
    this.#graceMs = graceMs;
    this.#onHung = onHung;
  }

  late({ pid, name }: LateTest): void {
    const process = this.#processes.get(pid) ?? { late: new Set<string>(), timer: undefined };
    process.late.add(name);
    this.#processes.set(pid, process);
    this.#restart(pid, process);
  }

  /** A test of the process began. */
  progressed(pid: number): void {
    const process = this.#processes.get(pid);
    if (process) this.#restart(pid, process);
  }

  ended({ pid, name }: LateTest): void {
    const process = this.#processes.get(pid);
    if (!process) return;
    process.late.delete(name);
    this.#restart(pid, process);
  }

  processEnded(pid: number): void {
    clearTimeout(this.#processes.get(pid)?.timer);
    this.#processes.delete(pid);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.#processes.keys()]) this.processEnded(pid);
  }

  #restart(pid: number, process: Standstill): void {
    clearTimeout(process.timer);
    process.timer = undefined;
    if (process.late.size === 0) return;
    process.timer = setTimeout(() => this.#onHung(pid, [...process.late]), this.#graceMs).unref();
  }
}
