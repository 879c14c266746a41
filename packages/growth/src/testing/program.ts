import type { MeasuringStep, Reading, TypeCount } from '../plan/step.ts';
import { type Random, seededRandom } from '../statistics/random.ts';

/** What a simulated program looks like to its parts at the moment it is read. */
export interface Moment {
  readonly operations: number;
  readonly ms: number;
  /** Rounds with operations, and readings, so far. */
  readonly working: number;
  readonly readings: number;
  /** Operations of the step just done. */
  readonly dose: number;
  readonly random: Random;
  /** Operations of the last so many ms. */
  within(ms: number): number;
  /** 0 to below 1. */
  chance(): number;
  /** About normal, mean 0, deviation 1. */
  normal(): number;
}

export interface Share {
  readonly types?: readonly TypeCount[];
  readonly channels?: Readonly<Record<string, number>>;
}

/** One part of a program: what it adds to a reading. Called once per reading, in order. */
export type Part = (moment: Moment) => Share;

export interface ProgramOptions {
  readonly parts: readonly Part[];
  readonly operationMs: number;
  readonly seed: number;
}

const SETTLE_MS = 60;
const COLLECT_MS = 15;
const WALK_MS = 25;

/** Runs steps in simulated time. */
export class SimulatedProgram {
  ms = 0;
  private operations = 0;
  private working = 0;
  private readings = 0;
  private usualMs = 100;
  private readonly random: Random;
  private readonly spans: { from: number; to: number; operations: number }[] = [];

  constructor(private readonly options: ProgramOptions) {
    this.random = seededRandom(options.seed);
  }

  run(step: MeasuringStep): Reading {
    if (step.kind === 'idle') this.ms += step.waitMs;
    const from = this.ms;
    const durationMs =
      step.dose === 0 ? this.usualMs : step.dose * this.options.operationMs * Math.exp(0.15 * this.normal());
    if (step.dose > 0 && step.phase !== 'surge') this.usualMs = durationMs;
    this.ms += durationMs;
    this.operations += step.dose;
    if (step.dose > 0) this.working++;
    this.spans.push({ from, to: this.ms, operations: step.dose });
    this.ms += SETTLE_MS + COLLECT_MS;
    const reading = this.read(step.dose, durationMs);
    this.ms += WALK_MS;
    return reading;
  }

  private read(dose: number, durationMs: number): Reading {
    this.readings++;
    const { operations, ms, working, readings, random } = this;
    const chance = () => random.below(2 ** 30) / 2 ** 30;
    const within = (past: number) => this.within(past);
    const moment = { operations, ms, working, readings, dose, random, within, chance, normal: () => this.normal() };
    const shares = this.options.parts.map((part) => part(moment));
    const types = shares.flatMap((share) => share.types ?? []).filter(({ instances }) => instances > 0);
    const sums = new Map<string, number>();
    for (const { channels = {} } of shares) {
      for (const [name, value] of Object.entries(channels)) sums.set(name, (sums.get(name) ?? 0) + value);
    }
    const managed = types.reduce((total, { bytes }) => total + bytes, 0);
    sums.set('managedBytes', (sums.get('managedBytes') ?? 0) + managed);
    sums.set(
      'instances',
      types.reduce((total, { instances }) => total + instances, 0),
    );
    return { types, channels: nested(sums), pauseMs: WALK_MS, durationMs };
  }

  private within(past: number): number {
    const since = this.ms - past;
    return Math.round(
      this.spans.reduce((total, { from, to, operations }) => {
        if (to <= since) return total;
        return total + (from >= since || to === from ? operations : (operations * (to - since)) / (to - from));
      }, 0),
    );
  }

  private normal(): number {
    let total = 0;
    for (let draw = 0; draw < 12; draw++) total += this.random.below(2 ** 24) / 2 ** 24;
    return total - 6;
  }
}

function nested(flat: ReadonlyMap<string, number>): Reading['channels'] {
  const channels: Record<string, unknown> = {};
  const privateBytes: Record<string, number> = {};
  for (const [name, value] of flat) {
    const whole = Math.max(0, Math.round(value));
    if (name.startsWith('privateBytes.')) privateBytes[name.slice('privateBytes.'.length)] = whole;
    else channels[name] = whole;
  }
  return { ...channels, privateBytes } as Reading['channels'];
}
