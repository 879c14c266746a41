import { NO_NODE } from '../graph/heap.ts';

/** Trees that are linked from below; knows the number with the least semidominator on the way up, and compresses that way. */
export class LinkedForest {
  readonly #semi: Uint32Array;
  readonly #label: Uint32Array;
  readonly #ancestor: Uint32Array;
  /** The way up, reused. */
  readonly #trail: number[] = [];

  /** `semi`: semidominators, lowered by the caller before a number is linked; at first each its own. */
  constructor(semi: Uint32Array) {
    this.#semi = semi;
    this.#label = semi.slice();
    this.#ancestor = new Uint32Array(semi.length).fill(NO_NODE);
  }

  link(number: number, above: number): void {
    this.#ancestor[number] = above;
  }

  /** The number with the least semidominator from `number` up to, but without, the top of its tree. */
  least(number: number): number {
    const [ancestor, label, semi, trail] = [this.#ancestor, this.#label, this.#semi, this.#trail];
    if (ancestor[number] === NO_NODE) return number;
    for (let at = number; ancestor[ancestor[at] ?? 0] !== NO_NODE; at = ancestor[at] ?? 0) trail.push(at);
    for (let below = trail.pop(); below !== undefined; below = trail.pop()) {
      const above = ancestor[below] ?? 0;
      const aboveLabel = label[above] ?? 0;
      if ((semi[aboveLabel] ?? 0) < (semi[label[below] ?? 0] ?? 0)) label[below] = aboveLabel;
      ancestor[below] = ancestor[above] ?? 0;
    }
    return label[number] ?? 0;
  }
}
