import { type Assessment, assess } from '../rules/assess.ts';
import { Evidence, type Marks } from '../rules/evidence.ts';
import { grewSoFar } from '../rules/so-far.ts';
import { flatChannels, type Sample, typeTable } from '../series/sample.ts';
import type { MeasuringStep, Reading } from './step.ts';

/** What a round was made for. */
export type Part = 'warm-up' | 'measure' | 'idle' | 'timers' | 'surge' | 'after';

/** Fewer measured rounds are not judged. */
const LEAST_JUDGED = 6;

/** The rounds of a check so far, each with what it was made for. */
export class Rounds {
  readonly #samples: Sample[] = [];
  readonly #parts: Part[] = [];
  /** Where the measured rounds begin: the last one of the warm-up. */
  #base = 0;

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  get base(): number {
    return this.#base;
  }

  get count(): number {
    return this.#samples.length;
  }

  /** The last round of the warm-up and all behind it. */
  get sinceWarmUp(): readonly Sample[] {
    return this.#samples.slice(this.#base);
  }

  get measured(): number {
    return this.#parts.filter((part) => part === 'measure').length;
  }

  get operations(): number {
    return operationsOf(this.#samples);
  }

  /** Of the operations of the surges, in ms. */
  get surgeDuration(): number {
    return this.#samples.reduce(
      (total, { reading }, at) => total + (this.#parts[at] === 'surge' ? reading.durationMs : 0),
      0,
    );
  }

  /** Returns whether the reading could be used. */
  add(step: MeasuringStep, reading: Reading, part: Part): boolean {
    const types = Array.isArray(reading?.types) ? typeTable(reading.types) : null;
    this.#samples.push({
      step,
      types: types ?? new Map(),
      channels: flatChannels(reading?.channels),
      reading,
      wallMs: Number.isFinite(reading?.durationMs) ? reading.durationMs : 0,
    });
    this.#parts.push(part);
    return types !== null;
  }

  /** The last round took so long, with its reading and all that the program did meanwhile. */
  lastTook(wallMs: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined) this.#samples[this.#samples.length - 1] = { ...last, wallMs: Math.max(0, wallMs) };
  }

  endWarmUp(): void {
    this.#base = this.#samples.length - 1;
  }

  evidence(): Evidence {
    const at = (part: Part) =>
      this.#parts.flatMap((one, index) => (one === part && index > this.#base ? [index - this.#base] : []));
    const marks: Marks = {
      measured: this.measured,
      idle: [...at('idle'), ...at('timers')],
      surge: at('surge'),
      after: at('after'),
    };
    return new Evidence(this.sinceWarmUp, marks, operationsOf(this.#samples.slice(0, this.#base + 1)));
  }

  /** What can be said when a check is cut off before it was judged. `failed`: the last reading is none. */
  soFar(mode: 'quick' | 'thorough', failed: boolean): Assessment | null {
    const samples = failed ? this.#samples.slice(0, -1) : this.#samples;
    if (this.measured >= LEAST_JUDGED) return assess(samples, mode, this.#base);
    // Of too few to judge, and of a warm-up, the later half: the first operations bring what is made once.
    return grewSoFar(samples.slice(samples.length >> 1));
  }
}

function operationsOf(samples: readonly Sample[]): number {
  return samples.reduce((total, { step }) => total + step.dose, 0);
}
