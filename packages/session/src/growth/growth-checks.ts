import type { GrowthPlan, GrowthPlanOptions } from '@firstchance/growth';
import type { GrowthCheck } from '@firstchance/model';
import type { SourceLocator } from '../capture/source-lines.ts';
import type { Recorder } from '../records/recorder.ts';
import type { Outcome } from '../run/judge.ts';
import type { CheckRunner } from './check-runner.ts';
import type { Operation } from './operation/operation.ts';
import type { Clock, CulpritNamer, MeasuringEngine } from './ports.ts';
import type { CheckFailure } from './run/check-failure.ts';
import type { CheckProgress } from './run/execute-plan.ts';

export interface GrowthChecksContext {
  readonly recorder: Recorder;
  readonly sessionFolder: string;
  /** Undefined when it could not be started or has died. */
  readonly engine: () => MeasuringEngine | undefined;
  readonly namer: CulpritNamer;
  readonly clock: Clock;
  /** File and line of allocating code. */
  readonly locator?: SourceLocator;
  /** Id of the only test that runs and may use the process; null when there is none, or several. */
  readonly testOf?: (pid: number) => string | null;
  readonly plan?: (options: GrowthPlanOptions) => GrowthPlan;
}

/** How a check is judged and what it is called. */
export interface CheckPlan {
  readonly plan: GrowthPlanOptions;
  /** Collect garbage, finalizers included, before each reading. */
  readonly collect: boolean;
  /** Takes out of the result what is known beforehand: suppressions, baseline. */
  readonly accept?: (check: GrowthCheck) => GrowthCheck;
  /** Absent: warn in quick mode, fail in thorough mode. */
  readonly onInconclusive?: 'fail' | 'warn';
  /** Find out who allocates what grows. Absent: yes. */
  readonly allocations?: boolean;
  /** Of native memory as well: the agent stands in for malloc and mmap meanwhile. Absent: no. */
  readonly nativeStacks?: boolean;
}

export interface CheckRequest extends CheckPlan {
  readonly target: { readonly pid: number; readonly name: string; readonly runtime: string | null };
  readonly operation: Operation;
  /** Asked when all is measured: what else is to be known of the result. */
  readonly notesAtEnd?: () => readonly string[];
  readonly onProgress?: (progress: CheckProgress) => void;
  /** Its reason says why: a CheckFailure (the target has ended), or anything else for "cancelled". */
  readonly signal: AbortSignal;
}

export interface FinishedCheck extends Outcome {
  readonly id: string;
  readonly check: GrowthCheck;
}

/** The growth checks of a session. What does them is loaded with the first: most sessions have none, and all must start soon. */
export class GrowthChecks {
  readonly #context: GrowthChecksContext;
  readonly #finished: FinishedCheck[] = [];

  constructor(context: GrowthChecksContext) {
    this.#context = context;
  }

  get finished(): readonly FinishedCheck[] {
    return this.#finished;
  }

  /**
   * Measures one operation on one target. Never rejects for what can go wrong on the way: that is INFRASTRUCTURE_ERROR.
   * @throws the system's error when the evidence cannot be written at all
   */
  async run(request: CheckRequest): Promise<FinishedCheck> {
    const runner = await this.#runner();
    return this.#keep(await runner.run(request));
  }

  /** A check that was asked for and could not begin. */
  async refuse(request: CheckPlan & { readonly name: string }, failure: CheckFailure): Promise<FinishedCheck> {
    const runner = await this.#runner();
    return this.#keep(runner.refuse(request, failure));
  }

  async #runner(): Promise<CheckRunner> {
    return new (await import('./check-runner.ts')).CheckRunner(this.#context);
  }

  #keep(finished: FinishedCheck): FinishedCheck {
    this.#finished.push(finished);
    return finished;
  }
}
