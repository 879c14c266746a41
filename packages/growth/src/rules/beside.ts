import { sum } from '../statistics/order.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judgement.ts';
import { best, chosenAmong, type Model, type Segment, SKEWS, scalesOf, segmentsOf } from './slowing.ts';

/** Users and words are asked for by their rank r as often as r^-exponent (Zipf). */
const EXPONENTS = [0.8, 1, 1.2, 1.4];
/** Ranks from one part to the next grow by this. */
const PART = 1.3;
/** Part of the growth at the end that the leak must account for. */
const MUCH = 0.4;

/**
 * By how much a leak beside something that meets a limit fits better than the limit alone (difference of chi-square); below 0 where
 * the leak would not account for much of what came at the end. Rare users among a limited number come for long, at a rate that
 * seems to stay.
 */
export function besideLimit(judgement: Judgement, evidence: Evidence): number {
  const segments = segmentsOf(judgement, evidence);
  const scales = scalesOf(segments.at(-1)?.to ?? 0);
  const alike: Model = (n, scale) => -Math.exp(-n / scale);
  const models = [alike, ...SKEWS.map(chosenAmong), ...EXPONENTS.map(chosenByRank)];
  const alone = Math.min(...models.map((model) => best(segments, scales, model).misfit));
  const beside = Math.min(...models.flatMap((model) => scales.map((scale) => misfitBeside(segments, scale, model))));
  return Number.isFinite(beside) ? alone - beside : -1;
}

/** Keys of so many that have been chosen after n draws. */
function chosenByRank(exponent: number): Model {
  const parts = new Map<number, { count: number; chance: number }[]>();
  return (n, keys) => {
    const known = parts.get(keys) ?? byRank(Math.floor(keys), exponent);
    parts.set(keys, known);
    return sum(known.map(({ count, chance }) => count * (1 - Math.exp(-n * chance))));
  };
}

/** Keys of about the same rank, and the chance of each. */
function byRank(keys: number, exponent: number): { count: number; chance: number }[] {
  const ranks: { count: number; weight: number }[] = [];
  for (let from = 1; from <= keys; ) {
    const to = Math.min(keys + 1, Math.max(from + 1, Math.floor(from * PART)));
    ranks.push({ count: to - from, weight: Math.sqrt(from * (to - 1)) ** -exponent });
    from = to;
  }
  const total = sum(ranks.map(({ count, weight }) => count * weight));
  return ranks.map(({ count, weight }) => ({ count, chance: weight / total }));
}

/** Misfit of the best sum of a straight line and a limit, by least squares. */
function misfitBeside(segments: readonly Segment[], scale: number, model: Model): number {
  const rows = segments.map(({ from, to, growth }) => {
    return { line: to - from, limit: model(to, scale) - model(from, scale), growth, weight: 1 / Math.max(1, growth) };
  });
  const of = (value: (row: (typeof rows)[number]) => number) => sum(rows.map((row) => row.weight * value(row)));
  const [lines, both, limits] = [of((r) => r.line ** 2), of((r) => r.line * r.limit), of((r) => r.limit ** 2)];
  const [line, limit] = [of((r) => r.line * r.growth), of((r) => r.limit * r.growth)];
  const determinant = lines * limits - both ** 2;
  if (!(determinant > 1e-9 * lines * limits)) return Number.POSITIVE_INFINITY;
  const rate = (limits * line - both * limit) / determinant;
  const size = (lines * limit - both * line) / determinant;
  const end = rows.slice(-Math.ceil(rows.length / 3));
  const most = rate * sum(end.map((row) => row.line)) >= MUCH * sum(end.map((row) => row.growth));
  return size >= 0 && most ? of((r) => (r.growth - rate * r.line - size * r.limit) ** 2) : Number.POSITIVE_INFINITY;
}
