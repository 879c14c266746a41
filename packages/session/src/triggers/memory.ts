/** A threshold that was passed: `detail` says which way, with the figure measured. */
export interface MemoryCrossing {
  readonly direction: 'above' | 'below';
  readonly detail: string;
}

export interface MemoryLimits {
  /** Capture when memory falls below this many MB (10^6 bytes), after it was above it once. */
  readonly minMemoryMB?: number;
  /** Capture when memory rises above this many MB (10^6 bytes). */
  readonly maxMemoryMB?: number;
}

/**
 * Watches one process's memory against the thresholds. Each threshold fires once per crossing: not again until memory has
 * been on its other side. The lower one starts disarmed, because every process starts small.
 */
export class MemoryThresholds {
  readonly #limits: MemoryLimits;
  #aboveMax = false;
  #belowMin = true;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  /** Takes one measurement in bytes (resident + swapped) and tells which threshold it has just passed, if any. */
  measure(bytes: number): MemoryCrossing | undefined {
    const { minMemoryMB, maxMemoryMB } = this.#limits;
    let crossing: MemoryCrossing | undefined;
    if (minMemoryMB !== undefined) {
      const below = bytes < minMemoryMB * 1e6;
      if (below && !this.#belowMin) crossing = { direction: 'below', detail: describe(bytes, 'below', minMemoryMB) };
      this.#belowMin = below;
    }
    if (maxMemoryMB !== undefined) {
      const above = bytes > maxMemoryMB * 1e6;
      if (above && !this.#aboveMax) crossing = { direction: 'above', detail: describe(bytes, 'above', maxMemoryMB) };
      this.#aboveMax = above;
    }
    return crossing;
  }
}

function describe(bytes: number, direction: string, limitMB: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB, ${direction} ${limitMB} MB`;
}
