import { FirstchanceError } from '@firstchance/model';
import { conclude, cutOff } from '../conclude/conclude.ts';
import { type Assessment, assess, isSuspect } from '../rules/assess.ts';
import { decide } from '../rules/decide.ts';
import { drainedOf } from '../rules/drain.ts';
import type { Judgement } from '../rules/judgement.ts';
import { type Random, seededRandom } from '../statistics/random.ts';
import type { Conclusion } from './conclusion.ts';
import { nextDose, operationMs } from './dose.ts';
import type { GrowthPlan, Progress } from './growth-plan.ts';
import { rareRate } from './rare.ts';
import { type Part, Rounds } from './rounds.ts';
import { blockOf } from './schedule.ts';
import { type Settings, USUAL_IDLE_MS } from './settings.ts';
import { nextStage } from './stage.ts';
import type { MeasuringStep, Reading, Step } from './step.ts';
import { Surges } from './surges.ts';
import { expiresLater } from './timers.ts';

const MOST_WARM_UP_ROUNDS = 60;
/** Warm-up of slow operations ends at this many times its least time, however few they were. */
const LONGEST_WARM_UP = 8;
/** What people are told of; the rounds that follow a surge are its second half. */
const PHASES = { timers: 'idle', after: 'surge' } as const;

/** Warm-up, rounds of random doses, rest, surge: one after the other, each only when the ones before call for it. */
export class AdaptivePlan implements GrowthPlan {
  private readonly random: Random;
  private readonly rounds = new Rounds();
  private readonly surges: Surges;
  private queue: MeasuringStep[] = [];
  private pending: MeasuringStep | null = null;
  private startedMs = 0;
  private part: Part | 'end' = 'warm-up';
  private failure: string | null = null;
  private dose = 1;
  private until: number;
  private assessment: Assessment | null = null;

  constructor(private readonly settings: Settings) {
    this.random = seededRandom(settings.seed);
    this.until = settings.targets[0];
    this.surges = new Surges(settings, this.rounds);
  }

  next(elapsedMs: number): Step {
    const now = Number.isFinite(elapsedMs) ? Math.max(elapsedMs, this.startedMs) : this.startedMs;
    if (this.pending !== null) return this.pending;
    this.rounds.lastTook(now - this.startedMs);
    while (this.queue.length === 0 && this.part !== 'end') this.advance(this.part, now);
    const step = this.part === 'end' ? undefined : this.queue.shift();
    if (step === undefined) return { kind: 'end' };
    this.pending = step;
    this.startedMs = now;
    return step;
  }

  add(step: MeasuringStep, reading: Reading): void {
    if (this.pending === null || this.part === 'end' || step.index !== this.pending.index) {
      throw new FirstchanceError({
        code: 'growth-step-order',
        what: `reading of step ${step.index}`,
        why: this.pending === null ? 'no step was asked for' : `step ${this.pending.index} was asked for`,
      });
    }
    if (!this.rounds.add(this.pending, reading, this.part)) {
      this.failure = `the heap could not be read after step ${step.index + 1}`;
      this.part = 'end';
    }
    this.pending = null;
  }

  progress(): Progress {
    const { part, queue, rounds } = this;
    const left = this.pending === null ? 0 : 1;
    const ahead = part === 'warm-up' ? this.until : part === 'surge' ? 6 : 0;
    const measured = part === 'measure' ? Math.max(0, this.until - rounds.measured - left - queue.length) : 0;
    const expected = rounds.count + (part === 'end' ? 0 : left + queue.length + ahead + measured);
    const phase = part === 'timers' || part === 'after' ? PHASES[part] : part;
    return { done: rounds.count, expected, suspects: this.suspects(), phase };
  }

  conclude(): Conclusion {
    const { assessment, failure, rounds, settings } = this;
    const facts = { settings, samples: rounds.samples, base: rounds.base };
    if (failure === null && this.part === 'end' && assessment !== null)
      return conclude(facts, assessment, decide(assessment, rounds.evidence()));
    const why = failure ?? `it was cut off after ${rounds.count} steps`;
    return cutOff(facts, why, assessment ?? rounds.soFar(settings.mode, failure !== null));
  }

  private advance(part: Part, now: number): void {
    const following: Record<Part, () => void> = {
      'warm-up': () => this.warmUp(now),
      measure: () => this.measure(),
      idle: () => this.afterRest(),
      timers: () => this.beginSurge(),
      surge: () => this.surge(),
      after: () => this.afterSurge(),
    };
    following[part]();
  }

  private warmUp(now: number): void {
    const { warmUpRounds, warmUpMs, warmUpOperations } = this.settings;
    const { count, operations } = this.rounds;
    const enough = operations >= warmUpOperations || now >= LONGEST_WARM_UP * warmUpMs;
    this.dose = nextDose(this.rounds.samples, this.settings);
    if (count >= MOST_WARM_UP_ROUNDS || (count >= Math.max(2, warmUpRounds) && now >= warmUpMs && enough)) {
      this.part = 'measure';
      this.rounds.endWarmUp();
      return;
    }
    this.round('warm-up', this.dose);
  }

  private measure(): void {
    const { samples, base, measured } = this.rounds;
    if (measured >= this.until) {
      this.assessment = assess(samples, this.settings.mode, base);
      const pace = {
        operationMs: operationMs(this.rounds.sinceWarmUp) ?? 0,
        surge: this.surges.foresee(this.dose),
      };
      const facts = { rounds: measured, dose: this.dose, rareRate: rareRate(samples, base), ...pace };
      const stage = nextStage(this.assessment, facts, this.settings);
      if (stage.kind === 'end') this.part = 'end';
      if (stage.kind === 'confirm') this.rest();
      if (stage.kind !== 'measure') return;
      this.until = stage.until;
      this.dose = stage.dose;
    }
    for (const dose of blockOf(this.dose, this.random)) this.round('measure', dose);
  }

  private rest(): void {
    this.part = 'idle';
    this.idle(this.settings.idleMs);
  }

  private afterRest(): void {
    this.part = 'timers';
    const { idleMs, timerIdleMs } = this.settings;
    if (timerIdleMs > idleMs && expiresLater(this.undecided(), this.rounds.sinceWarmUp))
      this.idle(timerIdleMs - idleMs);
    // What was given the time to reach a limit is looked at once more.
    else if (idleMs > USUAL_IDLE_MS && this.growsWithTime()) this.idle(USUAL_IDLE_MS);
  }

  private beginSurge(): void {
    this.part = this.undecided().length > 0 && this.surges.begin(this.dose) ? 'surge' : 'end';
  }

  private surge(): void {
    const part = this.surges.part(this.dose);
    if (part > 0) {
      this.round('surge', part);
      return;
    }
    this.part = 'after';
    const usual = [...blockOf(this.dose, this.random), ...blockOf(this.dose, this.random)];
    for (const dose of usual) this.round('surge', dose);
  }

  private afterSurge(): void {
    this.part = this.assessment !== null && this.surges.again(this.assessment, this.dose) ? 'surge' : 'end';
  }

  private judgements(): Judgement[] {
    const { integers = [], bytes = [] } = this.assessment ?? {};
    return [...integers, ...bytes];
  }

  private growsWithTime(): boolean {
    return this.judgements().some(({ status }) => status === 'idle');
  }

  /** Suspects of work that the rest did not clear. */
  private undecided(): Judgement[] {
    if (this.assessment === null) return [];
    const gone = drainedOf(this.assessment, this.rounds.evidence());
    return this.judgements().filter((one) => isSuspect(one) && one.status !== 'idle' && !gone.has(one));
  }

  private suspects(): Progress['suspects'] {
    return this.judgements()
      .filter(isSuspect)
      .map(({ series: { channel, type }, rate }) => ({
        channel,
        ...(type === undefined ? {} : { type }),
        perOperation: rate,
      }));
  }

  private round(phase: 'warm-up' | 'measure' | 'surge', dose: number): void {
    this.queue.push({ kind: 'round', index: this.rounds.count + this.queue.length, phase, dose });
  }

  private idle(waitMs: number): void {
    this.queue.push({ kind: 'idle', index: this.rounds.count, phase: 'idle', waitMs, dose: this.dose });
  }
}
