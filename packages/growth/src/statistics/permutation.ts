import { seededRandom } from './random.ts';

/** Doses and growth of one block of rounds. */
export interface Block {
  readonly doses: readonly number[];
  readonly growth: readonly number[];
}

const SAMPLES = 4000;
/** All orders are looked at up to this number of blocks of 3: 6^5. */
const EXACT_BLOCKS = 5;

/**
 * Probability that growth follows the dose at least as well if the order of doses within each block meant nothing.
 * Exact for few blocks, else by drawing; the generator has a seed of its own, so that equal series give equal answers.
 */
export function doseProbability(blocks: readonly Block[]): number {
  const observed = blocks.reduce((total, block) => total + product(block.doses, block.growth), 0);
  const slack = 1e-9 * Math.max(1, Math.abs(observed));
  const options = blocks.map((block) => orders(block.doses).map((doses) => product(doses, block.growth)));
  return options.length <= EXACT_BLOCKS ? exact(options, observed - slack) : drawn(options, observed - slack);
}

function exact(options: readonly number[][], least: number): number {
  let sums = [0];
  for (const option of options) sums = sums.flatMap((total) => option.map((value) => total + value));
  return sums.filter((total) => total >= least).length / sums.length;
}

function drawn(options: readonly number[][], least: number): number {
  const random = seededRandom(1);
  let reached = 1;
  for (let sample = 0; sample < SAMPLES; sample++) {
    let total = 0;
    for (const option of options) total += option[random.below(option.length)] ?? 0;
    if (total >= least) reached++;
  }
  return reached / (SAMPLES + 1);
}

function product(doses: readonly number[], growth: readonly number[]): number {
  return doses.reduce((total, dose, index) => total + dose * (growth[index] ?? 0), 0);
}

function orders<T>(values: readonly T[]): T[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, index) => orders(values.toSpliced(index, 1)).map((rest) => [value, ...rest]));
}
