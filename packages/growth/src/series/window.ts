import { mean, median, sum } from '../statistics/order.ts';
import type { Block } from '../statistics/permutation.ts';
import type { Sample } from './sample.ts';

/** Measured rounds in blocks of 3; `samples[0]` is the last one of the warm-up. */
export class Window {
  readonly doses: readonly number[];
  readonly wallMs: readonly number[];
  /** All operations in it. */
  readonly operations: number;
  readonly rounds: number;
  /** Usual dose: the one in the middle of most blocks. */
  readonly dose: number;

  constructor(readonly samples: readonly Sample[]) {
    const measured = samples.slice(1);
    this.doses = measured.map((sample) => sample.step.dose);
    this.wallMs = measured.map((sample) => sample.wallMs);
    this.operations = sum(this.doses);
    this.rounds = measured.length;
    this.dose = Math.max(1, median(this.doses.filter((dose) => dose > 0)) / 1.5 || 1);
  }

  /** Growth of each round. */
  growth(levels: readonly number[]): number[] {
    return levels.slice(1).map((level, at) => level - (levels[at] ?? 0));
  }

  blocks(growth: readonly number[]): Block[] {
    const blocks: Block[] = [];
    for (let at = 0; at + 3 <= this.rounds; at += 3) {
      blocks.push({ doses: this.doses.slice(at, at + 3), growth: growth.slice(at, at + 3) });
    }
    return blocks;
  }

  /** Growth per operation in each block, what also happens without operations taken off. */
  blockRates(growth: readonly number[]): number[] {
    const idle = mean(growth.filter((_, at) => this.doses[at] === 0));
    return this.blocks(growth).map((block) => {
      const operations = sum(block.doses);
      return operations === 0 ? 0 : (sum(block.growth) - idle * block.growth.length) / operations;
    });
  }

  /**
   * Slope of growth on dose in each block: robust against what goes on beside the operations.
   * @param without rounds that are left out
   */
  blockSlopes(growth: readonly number[], without: ReadonlySet<number> = new Set()): number[] {
    return this.blocks(growth).map((block, number) => {
      const kept = block.doses.map((_, at) => at).filter((at) => !without.has(3 * number + at));
      const doses = kept.map((at) => block.doses[at] ?? 0);
      const centre = mean(doses);
      const spread = sum(doses.map((dose) => (dose - centre) ** 2));
      const products = kept.map((at, place) => ((doses[place] ?? 0) - centre) * (block.growth[at] ?? 0));
      return spread === 0 ? 0 : sum(products) / spread;
    });
  }
}
