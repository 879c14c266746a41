import { withoutConsequences } from '../conclude/consequences.ts';
import type { Assessment } from '../rules/assess.ts';
import { type Decision, decide } from '../rules/decide.ts';
import type { Judgement } from '../rules/judgement.ts';
import { OPEN, SPOILED } from '../rules/surge-outcome.ts';
import { isBytes } from '../series/series.ts';
import { operationMs } from './dose.ts';
import type { Rounds } from './rounds.ts';
import type { Settings } from './settings.ts';
import { surgeOperations, surgePart } from './surge-dose.ts';

/** Times as long as the first. */
const SECOND_SURGE = 4;
/** A leak is not told before so many operations, where they can be done in the time of a second surge. */
const ENOUGH = 3000;
/** A surge is as large as this many usual doses even where operations became slower since it was decided. */
const LEAST_SURGE_DOSES = 8;

/** Up to two runs of many operations: how many there are left of the present one, and whether there is another. */
export class Surges {
  readonly #settings: Settings;
  readonly #rounds: Rounds;
  /** Surges so far, the next one included; 0: none is possible. */
  #count = 0;
  #left = 0;
  #step = 0;
  #untilMs: number;

  constructor(settings: Settings, rounds: Rounds) {
    this.#settings = settings;
    this.#rounds = rounds;
    this.#untilMs = settings.surgeMs;
  }

  /** Whether there can be one, as it is decided with the rounds: a slower operation since then makes it smaller, not impossible. */
  foresee(dose: number): boolean {
    const possible = this.#size(dose) > 0;
    this.#count = possible ? 1 : 0;
    return possible;
  }

  /** False where none was possible. */
  begin(dose: number): boolean {
    if (this.#count === 0) return false;
    const least = LEAST_SURGE_DOSES * dose;
    this.#left = Math.max(least, this.#size(dose));
    this.#untilMs = Math.max(this.#untilMs, 1.5 * least * (operationMs(this.#rounds.sinceWarmUp) ?? 0));
    return true;
  }

  /** Operations of the next round of the present surge; 0 at its end. */
  part(dose: number): number {
    const leftMs = this.#untilMs - this.#rounds.surgeDuration;
    const perOperation = operationMs(this.#rounds.samples) ?? 0;
    const state = { done: this.#step, left: this.#left, leftMs, operationMs: perOperation, dose };
    const part = surgePart(state, this.#settings);
    if (part > 0) {
      this.#step++;
      this.#left -= part;
    }
    return part;
  }

  /**
   * Growth that slows down or comes in few steps needs many times the operations before it is told from one that ends. So do bytes
   * of which a part went during the surge, and all growth where operations are slow: most caches have a limit above what few
   * operations reach. The array of a collection asks for none where what is put into it is a leak already: it would not be told
   * anyway.
   */
  again(assessment: Assessment, dose: number): boolean {
    if (this.#count > 1) return false;
    const decisions = withoutConsequences(decide(assessment, this.#rounds.evidence()));
    const open = decisions.some(({ outcome, why, judgement }) => {
      return outcome === 'unsure' && (isCounted(judgement) || why === SPOILED.why || why === OPEN.why);
    });
    const few = !open && decisions.some(mayHaveLimit) ? this.#toEnough(dose) : 0;
    if (!open && few === 0) return false;
    this.#count++;
    this.#step = 0;
    this.#left = open ? this.#size(dose, SECOND_SURGE) : few;
    this.#untilMs = this.#rounds.surgeDuration + SECOND_SURGE * this.#settings.surgeMs;
    return this.#left > 0;
  }

  /** Operations that are still to be done before growth is called a leak; 0 where only its cost limited them. */
  #toEnough(dose: number): number {
    if (this.#settings.surge !== undefined) return 0;
    const [usual, more] = [this.#size(dose), this.#size(dose, SECOND_SURGE)];
    const left = Math.min(ENOUGH - this.#rounds.operations, more);
    return more > 1.5 * usual && left >= LEAST_SURGE_DOSES * dose ? left : 0;
  }

  #size(dose: number, times = 1): number {
    const settings = { ...this.#settings, surgeMs: times * this.#settings.surgeMs };
    return surgeOperations(this.#rounds.sinceWarmUp, dose, settings);
  }
}

function isCounted({ series: { channel }, steps }: Judgement): boolean {
  return channel === 'instances' || steps === true;
}

/** Objects and memory may be those of a cache; threads, descriptors and the like seldom are. */
function mayHaveLimit({ outcome, judgement }: Decision): boolean {
  return outcome === 'leak' && (isCounted(judgement) || isBytes(judgement.series.channel));
}
