import { readMemory } from '@firstchance/target';
import { type MemoryCrossing, type MemoryLimits, MemoryThresholds } from './memory.ts';

const POLL_MS = 250;

/** Measures the memory of processes again and again and tells when a threshold is passed. */
export class MemoryWatch implements Disposable {
  readonly #limits: MemoryLimits;
  readonly #onCrossing: (pid: number, crossing: MemoryCrossing) => void;
  readonly #processes = new Map<number, MemoryThresholds>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: MemoryLimits, onCrossing: (pid: number, crossing: MemoryCrossing) => void, pollMs = POLL_MS) {
    this.#limits = limits;
    this.#onCrossing = onCrossing;
    this.#timer = setInterval(() => this.#poll(), pollMs).unref();
  }

  add(pid: number): void {
    if (!this.#processes.has(pid)) this.#processes.set(pid, new MemoryThresholds(this.#limits));
  }

  remove(pid: number): void {
    this.#processes.delete(pid);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #poll(): void {
    for (const [pid, thresholds] of this.#processes) {
      const memory = readMemory(pid);
      if (!memory) continue;
      const crossing = thresholds.measure(memory.residentBytes + memory.swappedBytes);
      if (crossing) this.#onCrossing(pid, crossing);
    }
  }
}
