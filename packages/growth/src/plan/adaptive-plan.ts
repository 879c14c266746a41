import { FirstchanceError } from '@firstchance/model';
import { conclude, cutOff } from '../conclude/conclude.ts';
import { withoutConsequences } from '../conclude/consequences.ts';
import { type Assessment, assess, isSuspect } from '../rules/assess.ts';
import { type Decision, decide } from '../rules/decide.ts';
import { drainedOf } from '../rules/drain.ts';
import { Evidence, type Marks } from '../rules/evidence.ts';
import type { Judgement } from '../rules/judgement.ts';
import { grewSoFar } from '../rules/so-far.ts';
import { OPEN, SPOILED } from '../rules/surge-outcome.ts';
import { flatChannels, type Sample, typeTable } from '../series/sample.ts';
import { isBytes } from '../series/series.ts';
import { type Random, seededRandom } from '../statistics/random.ts';
import type { Conclusion } from './conclusion.ts';
import { nextDose, operationMs } from './dose.ts';
import type { GrowthPlan, Progress } from './growth-plan.ts';
import { rareRate } from './rare.ts';
import { blockOf } from './schedule.ts';
import { type Settings, USUAL_IDLE_MS } from './settings.ts';
import { nextStage } from './stage.ts';
import type { MeasuringStep, Reading, Step } from './step.ts';
import { surgeOperations, surgePart } from './surge-dose.ts';
import { expiresLater } from './timers.ts';

type Stage = 'warm-up' | 'measure' | 'idle' | 'surge' | 'after' | 'end';
type Part = Stage | 'timers';

/** Fewer measured rounds are not judged. */
const LEAST_JUDGED = 6;
const MOST_WARM_UP_ROUNDS = 60;
/** Warm-up of slow operations ends at this many times its least time, however few they were. */
const LONGEST_WARM_UP = 8;
/** Times as long as the first. */
const SECOND_SURGE = 4;
/** A leak is not told before so many operations, where they can be done in the time of a second surge. */
const ENOUGH = 3000;
/** A surge is as large as this many usual doses even where operations became slower since it was decided. */
const LEAST_SURGE_DOSES = 8;

/** Warm-up, rounds of random doses, rest, surge: one after the other, each only when the ones before call for it. */
export class AdaptivePlan implements GrowthPlan {
  private readonly random: Random;
  private readonly samples: Sample[] = [];
  private readonly parts: Part[] = [];
  private queue: MeasuringStep[] = [];
  private pending: MeasuringStep | null = null;
  private startedMs = 0;
  private part: Part = 'warm-up';
  private failure: string | null = null;
  private base = 0;
  private dose = 1;
  private until: number;
  private assessment: Assessment | null = null;
  private surgeLeft = 0;
  private surgeStep = 0;
  /** Surges so far, the next one included; 0: none is possible. */
  private surges = 0;
  private surgeMs: number;

  constructor(private readonly settings: Settings) {
    this.random = seededRandom(settings.seed);
    this.until = settings.targets[0];
    this.surgeMs = settings.surgeMs;
  }

  next(elapsedMs: number): Step {
    const now = Number.isFinite(elapsedMs) ? Math.max(elapsedMs, this.startedMs) : this.startedMs;
    if (this.pending !== null) return this.pending;
    this.measureWall(now);
    while (this.queue.length === 0 && this.part !== 'end') this.advance(now);
    const step = this.part === 'end' ? undefined : this.queue.shift();
    if (step === undefined) return { kind: 'end' };
    this.pending = step;
    this.startedMs = now;
    return step;
  }

  add(step: MeasuringStep, reading: Reading): void {
    if (this.pending === null || step.index !== this.pending.index) {
      throw new FirstchanceError({
        code: 'growth-step-order',
        what: `reading of step ${step.index}`,
        why: this.pending === null ? 'no step was asked for' : `step ${this.pending.index} was asked for`,
      });
    }
    const types = Array.isArray(reading?.types) ? typeTable(reading.types) : null;
    if (types === null) {
      this.failure = `the heap could not be read after step ${step.index + 1}`;
      this.part = 'end';
    }
    this.samples.push({
      step: this.pending,
      types: types ?? new Map(),
      channels: flatChannels(reading?.channels),
      reading,
      wallMs: Number.isFinite(reading?.durationMs) ? reading.durationMs : 0,
    });
    this.parts.push(this.part);
    this.pending = null;
  }

  progress(): Progress {
    const suspects = this.suspects();
    const left = this.pending === null ? 0 : 1;
    const ahead = { 'warm-up': this.until, measure: 0, idle: 0, timers: 0, surge: 6, after: 0, end: 0 }[this.part];
    const measured =
      this.part === 'measure' ? Math.max(0, this.until - this.measuredRounds() - left - this.queue.length) : 0;
    const phase = this.part === 'after' ? 'surge' : this.part === 'timers' ? 'idle' : this.part;
    const expected = this.samples.length + (this.part === 'end' ? 0 : left + this.queue.length + ahead + measured);
    return { done: this.samples.length, expected, suspects, phase };
  }

  conclude(): Conclusion {
    const facts = { settings: this.settings, samples: this.samples, base: this.base };
    if (this.failure !== null) return cutOff(facts, this.failure, this.soFar());
    if (this.part !== 'end' || this.assessment === null) {
      return cutOff(facts, `it was cut off after ${this.samples.length} steps`, this.soFar());
    }
    return conclude(facts, this.assessment, decide(this.assessment, this.evidence()));
  }

  /** Of a check that did not come to its end. */
  private soFar(): Assessment | null {
    if (this.assessment !== null) return this.assessment;
    // A reading that failed is the last one, and none.
    const samples = this.failure === null ? this.samples : this.samples.slice(0, -1);
    if (this.measuredRounds() >= LEAST_JUDGED) return assess(samples, this.settings.mode, this.base);
    // Of too few to judge, and of a warm-up, the later half: the first operations bring what is made once.
    return grewSoFar(samples.slice(samples.length >> 1));
  }

  private measureWall(now: number): void {
    const last = this.samples.at(-1);
    if (last !== undefined)
      this.samples[this.samples.length - 1] = { ...last, wallMs: Math.max(0, now - this.startedMs) };
  }

  private advance(now: number): void {
    const following: Partial<Record<Part, () => void>> = {
      'warm-up': () => this.warmUp(now),
      measure: () => this.measure(),
      idle: () => this.afterRest(),
      timers: () => this.beginSurge(),
      surge: () => this.surge(),
      after: () => this.afterSurge(),
    };
    const follow = following[this.part];
    if (follow === undefined) this.part = 'end';
    else follow();
  }

  private warmUp(now: number): void {
    const { warmUpRounds, warmUpMs, warmUpOperations } = this.settings;
    const rounds = this.samples.length;
    const enough = this.operations() >= warmUpOperations || now >= LONGEST_WARM_UP * warmUpMs;
    this.dose = nextDose(this.samples, this.settings);
    if (rounds >= MOST_WARM_UP_ROUNDS || (rounds >= Math.max(2, warmUpRounds) && now >= warmUpMs && enough)) {
      this.part = 'measure';
      this.base = rounds - 1;
      return;
    }
    this.round('warm-up', this.dose);
  }

  private measure(): void {
    const rounds = this.measuredRounds();
    if (rounds >= this.until) {
      this.assessment = assess(this.samples, this.settings.mode, this.base);
      const pace = this.pace();
      this.surges = pace.surge ? 1 : 0;
      const stage = nextStage(
        this.assessment,
        { rounds, dose: this.dose, rareRate: rareRate(this.samples, this.base), ...pace },
        this.settings,
      );
      if (stage.kind === 'end') this.part = 'end';
      if (stage.kind === 'confirm') this.rest();
      if (stage.kind !== 'measure') return;
      this.until = stage.until;
      this.dose = stage.dose;
    }
    for (const dose of blockOf(this.dose, this.random)) this.round('measure', dose);
  }

  private pace(): { operationMs: number; surge: boolean } {
    const measured = this.samples.slice(this.base);
    const surge = surgeOperations(measured, this.dose, this.settings) > 0;
    return { operationMs: operationMs(measured) ?? 0, surge };
  }

  private rest(): void {
    this.part = 'idle';
    this.idle(this.settings.idleMs);
  }

  private afterRest(): void {
    this.part = 'timers';
    const { idleMs, timerIdleMs } = this.settings;
    const undecided = this.undecided();
    if (timerIdleMs > idleMs && expiresLater(undecided, this.samples.slice(this.base))) this.idle(timerIdleMs - idleMs);
    // What was given the time to reach a limit is looked at once more.
    else if (idleMs > USUAL_IDLE_MS && this.growsWithTime()) this.idle(USUAL_IDLE_MS);
  }

  private beginSurge(): void {
    this.part = 'surge';
    // Whether there is a surge was decided with the rounds: a slower operation since then makes it smaller, not impossible.
    if (this.undecided().length === 0 || this.surges === 0) {
      this.part = 'end';
      return;
    }
    const least = LEAST_SURGE_DOSES * this.dose;
    this.surgeLeft = Math.max(least, this.surgeSize());
    this.surgeMs = Math.max(this.surgeMs, 1.5 * least * this.pace().operationMs);
  }

  private surgeSize(times = 1): number {
    const settings = { ...this.settings, surgeMs: times * this.settings.surgeMs };
    return surgeOperations(this.samples.slice(this.base), this.dose, settings);
  }

  private surge(): void {
    const { dose, surgeStep: done, surgeLeft: left } = this;
    const leftMs = this.surgeMs - this.surgeDuration();
    const state = { done, left, leftMs, operationMs: operationMs(this.samples) ?? 0, dose };
    const part = surgePart(state, this.settings);
    if (part === 0) {
      this.part = 'after';
      for (const usual of [...blockOf(dose, this.random), ...blockOf(dose, this.random)]) this.round('surge', usual);
      return;
    }
    this.surgeStep++;
    this.surgeLeft -= part;
    this.round('surge', part);
  }

  /**
   * Growth that slows down or comes in few steps needs many times the operations before it is told from one that ends. So do bytes
   * of which a part went during the surge, and all growth where operations are slow: most caches have a limit above what few
   * operations reach. The array of a collection asks for none where what is put into it is a leak already: it would not be told
   * anyway.
   */
  private afterSurge(): void {
    this.part = 'end';
    if (this.surges > 1 || this.assessment === null) return;
    const decisions = withoutConsequences(decide(this.assessment, this.evidence()));
    const open = decisions.some(({ outcome, why, judgement }) => {
      return outcome === 'unsure' && (isCounted(judgement) || why === SPOILED.why || why === OPEN.why);
    });
    const few = !open && decisions.some(mayHaveLimit) ? this.surgeToEnough() : 0;
    if (!open && few === 0) return;
    this.surges++;
    this.surgeStep = 0;
    this.surgeLeft = open ? this.surgeSize(SECOND_SURGE) : few;
    this.surgeMs = this.surgeDuration() + SECOND_SURGE * this.settings.surgeMs;
    this.part = this.surgeLeft > 0 ? 'surge' : 'end';
  }

  /** Operations that are still to be done before growth is called a leak; 0 where only its cost limited them. */
  private surgeToEnough(): number {
    if (this.settings.surge !== undefined) return 0;
    const [usual, more] = [this.surgeSize(), this.surgeSize(SECOND_SURGE)];
    const left = Math.min(ENOUGH - this.operations(), more);
    return more > 1.5 * usual && left >= LEAST_SURGE_DOSES * this.dose ? left : 0;
  }

  private surgeDuration(): number {
    return this.samples.reduce(
      (total, { reading }, at) => total + (this.parts[at] === 'surge' ? reading.durationMs : 0),
      0,
    );
  }

  private growsWithTime(): boolean {
    const { integers = [], bytes = [] } = this.assessment ?? {};
    return [...integers, ...bytes].some(({ status }) => status === 'idle');
  }

  /** Suspects of work that the rest did not clear. */
  private undecided() {
    if (this.assessment === null) return [];
    const { integers, bytes } = this.assessment;
    const gone = drainedOf(this.assessment, this.evidence());
    return [...integers, ...bytes].filter(
      (judgement) => isSuspect(judgement) && judgement.status !== 'idle' && !gone.has(judgement),
    );
  }

  private evidence(): Evidence {
    const at = (part: Part) =>
      this.parts.flatMap((one, index) => (one === part && index > this.base ? [index - this.base] : []));
    const marks: Marks = {
      measured: this.measuredRounds(),
      idle: [...at('idle'), ...at('timers')],
      surge: at('surge'),
      after: at('after'),
    };
    const before = this.samples.slice(0, this.base + 1).reduce((total, { step }) => total + step.dose, 0);
    return new Evidence(this.samples.slice(this.base), marks, before);
  }

  private measuredRounds(): number {
    return this.parts.filter((part) => part === 'measure').length;
  }

  private operations(): number {
    return this.samples.reduce((total, { step }) => total + step.dose, 0);
  }

  private suspects() {
    const { integers = [], bytes = [] } = this.assessment ?? {};
    return [...integers, ...bytes].filter(isSuspect).map(({ series: { channel, type }, rate }) => ({
      channel,
      ...(type === undefined ? {} : { type }),
      perOperation: rate,
    }));
  }

  private round(phase: 'warm-up' | 'measure' | 'surge', dose: number): void {
    this.queue.push({ kind: 'round', index: this.samples.length + this.queue.length, phase, dose });
  }

  private idle(waitMs: number): void {
    this.queue.push({ kind: 'idle', index: this.samples.length, phase: 'idle', waitMs, dose: this.dose });
  }
}

function isCounted({ series: { channel }, steps }: Judgement): boolean {
  return channel === 'instances' || steps === true;
}

/** Objects and memory may be those of a cache; threads, descriptors and the like seldom are. */
function mayHaveLimit({ outcome, judgement }: Decision): boolean {
  return outcome === 'leak' && (isCounted(judgement) || isBytes(judgement.series.channel));
}
