import type { Conclusion, GrowthFinding } from '@firstchance/growth';

/** What operations under sampling may add to the program, a third of what a surge may. */
const MOST_BYTES = 100 * 2 ** 20;
const MOST: Readonly<Record<string, number>> = {
  ...{ instances: 200_000, threads: 60, fileDescriptors: 150, sockets: 150, mappings: 3_000, handles: 60_000 },
};
/** One sample stands for so many bytes. */
const SAMPLE_BYTES = 102_400;
/** Survivors of a type that tell all there is to tell. */
const ENOUGH_SAMPLES = 100;
const REMEMBERED_ROUNDS = 7;
/** Types whose number decides how many operations are enough. */
const LEADING = 3;

export interface SamplingDose {
  /** Operations in all; 0 when what grows follows time alone. */
  readonly operations: number;
  /** Operations of one call, about half a second of them. */
  readonly each: number;
  /** How long it may take. */
  readonly limitMs: number;
}

const EACH_MS = 500;

/** How much work shows who allocates what grows; undefined when nothing managed grows, or nothing grows for sure. */
export function samplingDose(conclusion: Conclusion): SamplingDose | undefined {
  const typed = conclusion.growth.filter(({ type }) => typeof type === 'string');
  return doseFor(conclusion, typed, enough);
}

/** The same for a part of what grows; `enough`: how many operations tell all of it. */
export function doseFor(
  { verdict, growth, rounds, mode }: Conclusion,
  findings: readonly GrowthFinding[],
  enough: (findings: readonly GrowthFinding[]) => number,
): SamplingDose | undefined {
  if ((verdict !== 'LEAK' && verdict !== 'GROWS_WHILE_IDLE') || findings.length === 0) return undefined;
  const limitMs = mode === 'thorough' ? 8_000 : 4_000;
  if (findings.every(({ follows }) => follows === 'time')) return { operations: 0, each: 0, limitMs };
  const working = rounds.filter(({ dose }) => dose > 0).slice(-REMEMBERED_ROUNDS);
  const durations = working.map(({ dose, durationMs }) => durationMs / dose).sort((a, b) => a - b);
  const operationMs = Math.max(durations[Math.floor(durations.length / 2)] ?? limitMs, 1e-3);
  const limits = [limitMs / operationMs, ...growth.map(affordable), enough(findings)];
  const operations = Math.max(1, Math.floor(Math.min(...limits)));
  return { operations, each: Math.max(1, Math.floor(EACH_MS / operationMs)), limitMs };
}

function affordable({ channel, perOperation, bytesPerOperation }: GrowthFinding): number {
  const bytes = bytesPerOperation ?? (/bytes/i.test(channel) ? perOperation : 0);
  const count = MOST[channel];
  return Math.min(
    ratio(MOST_BYTES, bytes),
    count === undefined ? Number.POSITIVE_INFINITY : ratio(count, perOperation),
  );
}

function enough(typed: readonly GrowthFinding[]): number {
  const leading = typed.slice(0, LEADING).map(({ bytesPerOperation = 0 }) => bytesPerOperation);
  return Math.max(...leading.map((bytes) => ratio(ENOUGH_SAMPLES * SAMPLE_BYTES, bytes)));
}

export function ratio(most: number, each: number): number {
  return each > 0 ? most / each : Number.POSITIVE_INFINITY;
}
