import type { GrowthPlanOptions } from './options.ts';

/** Options with everything filled in. */
export interface Settings {
  readonly mode: 'quick' | 'thorough';
  readonly seed: number;
  readonly idleMs: number;
  readonly timerIdleMs: number;
  readonly dose: number | undefined;
  /** Where measuring may stop: clear cases, suspects, and bytes alone. */
  readonly targets: readonly [clear: number, suspects: number, most: number];
  readonly warmUpRounds: number;
  readonly warmUpMs: number;
  readonly warmUpOperations: number;
  readonly budget: number | undefined;
  readonly surge: number | undefined;
  readonly surgeMs: number;
  readonly roundMs: number;
  readonly mostDose: number;
}

const LEAST_ROUNDS = 9;
export const USUAL_IDLE_MS = 4000;

export function settingsOf(options: GrowthPlanOptions): Settings {
  const thorough = options.mode === 'thorough';
  const most = Math.max(LEAST_ROUNDS, Math.ceil(number(options.rounds, 48) / 3) * 3);
  return {
    mode: thorough ? 'thorough' : 'quick',
    seed: Math.trunc(number(options.seed, 1)),
    idleMs: number(options.idleMs, USUAL_IDLE_MS),
    timerIdleMs: number(options.timerIdleMs, 33_000),
    dose: options.dose === undefined ? undefined : Math.max(1, Math.round(number(options.dose, 10))),
    targets: [Math.min(12, most), Math.min(24, most), Math.min(48, most)],
    warmUpRounds: number(options.warmUpRounds, 6),
    warmUpMs: number(options.warmUpMs, 4000),
    warmUpOperations: number(options.warmUpOperations, 60),
    budget: options.budgetBytesPerOperation,
    surge: options.surge === undefined ? undefined : Math.max(1, Math.round(number(options.surge, 1))),
    surgeMs: number(options.surgeMs, thorough ? 15_000 : 5000),
    roundMs: thorough ? 250 : 150,
    mostDose: thorough ? 4000 : 1000,
  };
}

function number(value: number | undefined, usual: number): number {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : usual;
}
