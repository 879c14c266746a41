import { planGrowthCheck } from '@firstchance/growth';
import { EXIT, type Growth, type GrowthCheck, verdictExitCode } from '@firstchance/model';
import { isAlive, readStat } from '@firstchance/target';
import { toProblem } from '../problems/problem.ts';
import { CheckFiles } from './check-files.ts';
import { type CheckFacts, checkResult } from './check-result.ts';
import type { CheckPlan, CheckRequest, FinishedCheck, GrowthChecksContext } from './growth-checks.ts';
import { uncertainStrings, withoutKeptByRuntime } from './kept-by-runtime.ts';
import { unnamed } from './name-growth.ts';
import { withNativeOwners } from './owner/with-native-owners.ts';
import { withOwners } from './owner/with-owners.ts';
import { CheckFailure } from './run/check-failure.ts';
import { type Execution, executePlan } from './run/execute-plan.ts';
import { failureOf } from './run/failure-of.ts';
import { sampleNative } from './run/sample-native.ts';
import { sampleSurvivors } from './run/sample-survivors.ts';
import type { SamplingContext } from './run/under-sampling.ts';
import { lockTarget } from './target/target-lock.ts';

interface Measured {
  readonly execution: Execution;
  readonly growth: readonly Growth[];
  readonly graphs?: { readonly before: string; readonly after: string; readonly operations: number };
}

/** How long the one who started the target may take to say how it ended, once it is gone. */
const END_IS_TOLD_MS = 1_000;

/** Growth checks: each is measured, named, judged, written down. */
export class CheckRunner {
  readonly #context: GrowthChecksContext;

  constructor(context: GrowthChecksContext) {
    this.#context = context;
  }

  /**
   * Measures one operation on one target. Never throws for what can go wrong on the way: that is INFRASTRUCTURE_ERROR.
   * @throws the system's error when the evidence cannot be written at all
   */
  async run(request: CheckRequest): Promise<FinishedCheck> {
    const files = new CheckFiles(this.#context.sessionFolder);
    // Now: it may have timed out when the check has ended.
    const testId = this.#context.testOf?.(request.target.pid) ?? null;
    const notes = new Set<string>();
    const { execution, growth, graphs } = await this.#measure(request, files, (text) => notes.add(text));
    if (!graphs) files.removeGraphs();
    for (const text of request.notesAtEnd?.() ?? []) notes.add(text);
    const facts = { ...factsOf(request), notes: [...notes], ...(graphs ? { graphs } : {}) };
    return this.#finish(files, checkResult(execution, growth, facts), request, testId);
  }

  /** A check that was asked for and could not begin. */
  refuse(request: CheckPlan & { readonly name: string }, failure: CheckFailure): FinishedCheck {
    const files = new CheckFiles(this.#context.sessionFolder);
    files.removeGraphs();
    const { plan: makePlan = planGrowthCheck } = this.#context;
    const execution = { conclusion: makePlan(request.plan).conclude(), failure, graphs: undefined };
    const { name, collect } = request;
    return this.#finish(files, checkResult(execution, [], { name, collected: collect, notes: [] }), request, null);
  }

  #finish(files: CheckFiles, measured: GrowthCheck, request: CheckPlan, testId: string | null): FinishedCheck {
    const check = request.accept?.(measured) ?? measured;
    files.write(check);
    const { verdict, reason } = check;
    const fails = verdict !== 'INCONCLUSIVE' || (request.onInconclusive ?? failsByMode(check)) === 'fail';
    const more = {
      ...(verdict === 'INCONCLUSIVE' ? { fails } : {}),
      ...(testId === null ? {} : { testId }),
    };
    this.#context.recorder.write({ record: 'check', id: files.id, verdict, reason, path: files.path, ...more });
    return { id: files.id, check, verdict, reason, code: fails ? verdictExitCode(verdict) : EXIT.fine };
  }

  async #measure(request: CheckRequest, files: CheckFiles, note: (text: string) => void): Promise<Measured> {
    const { clock, plan: makePlan = planGrowthCheck } = this.#context;
    const { target, operation, collect, signal, onProgress = () => {} } = request;
    const { pid } = target;
    const subject = `${target.name} (pid ${pid})`;
    const plan = makePlan(request.plan);
    const failed = (failure: CheckFailure) => unmeasured({ conclusion: plan.conclude(), failure, graphs: undefined });
    const engine = this.#context.engine();
    if (!engine) {
      return failed(
        new CheckFailure('no-engine', {
          ...{ what: `Reading the memory of ${subject}`, why: 'there is no engine, or it has ended' },
          cure: 'firstchance doctor says why',
        }),
      );
    }
    const startTime = readStat(pid)?.startTime;
    try {
      await using _lock = await lockTarget(pid, subject, signal);
      const graphFolders = { before: files.graphFolder('before'), after: files.graphFolder('after') };
      const context = { engine, clock, subject, pid, collect, note, plan, operation, graphFolders, onProgress };
      const started = clock.now();
      const execution = await executePlan(context, signal);
      if (!execution.failure) {
        const named = await this.#name(execution, files, note);
        const { conclusion, growth: kept } = withoutKeptByRuntime(execution.conclusion, named.growth, named.strings);
        const judged = { ...execution, conclusion };
        if (kept.length === 0) return { execution: judged, growth: kept };
        const onSampling = (leftMs: number) =>
          onProgress({ ...plan.progress(), phase: 'allocations', elapsedMs: clock.now() - started, leftMs });
        const growth = await this.#own({ ...context, onSampling }, request, judged, kept);
        return { execution: judged, growth, ...(named.graphs ? { graphs: named.graphs } : {}) };
      }
      if (signal.aborted || isAlive(pid, startTime)) return unmeasured(execution);
      return unmeasured({ ...execution, failure: await howItEnded(subject, signal) });
    } catch (error) {
      return failed(failureOf('Doing the growth check', error, signal));
    }
  }

  async #name(
    { conclusion, graphs }: Execution,
    files: CheckFiles,
    note: (text: string) => void,
  ): Promise<Omit<Measured, 'execution'> & { readonly strings?: readonly Growth[] }> {
    const findings = conclusion.growth;
    const uncertain = uncertainStrings(conclusion);
    if (!graphs || findings.length + uncertain.length === 0) return { growth: unnamed(findings) };
    const { operations } = graphs;
    const [before, after] = [files.graphFolder('before'), files.graphFolder('after')].map((path) => `${path}/heap.fch`);
    try {
      const name = async (some: typeof findings) =>
        some.length === 0
          ? []
          : await this.#context.namer.name({ before: before ?? '', after: after ?? '', findings: some, operations });
      const [growth, strings] = [await name(findings), await name(uncertain)];
      return {
        growth,
        strings,
        graphs: { before: files.graphPath('before'), after: files.graphPath('after'), operations },
      };
    } catch (error) {
      const { why } = toProblem('Naming what holds the growth', '', error);
      note(`what holds the growth could not be named: ${why}`);
      return { growth: unnamed(findings) };
    }
  }

  /** Last of all, so that nothing of it is in the evidence. What is accepted beforehand is not worth the time. */
  async #own(
    context: SamplingContext,
    request: CheckRequest,
    execution: Execution,
    growth: readonly Growth[],
  ): Promise<readonly Growth[]> {
    if (request.allocations === false || !request.collect) return growth;
    const check = checkResult(execution, growth, { ...factsOf(request), notes: [] });
    if (request.accept?.(check).growth.length === 0) return growth;
    const { conclusion } = execution;
    const report = await sampleSurvivors(context, conclusion, request.signal);
    const native = request.nativeStacks ? await sampleNative(context, conclusion, request.signal) : undefined;
    const { locator } = this.#context;
    // The native ones first: what a native channel is held by is a type, and who allocates that is another question.
    const owned = native
      ? await withNativeOwners(growth, conclusion.growth, native, { locator, note: context.note })
      : growth;
    return report ? await withOwners(owned, report, locator) : owned;
  }
}

function factsOf({ operation, target, collect }: CheckRequest): Pick<CheckFacts, 'name' | 'process' | 'collected'> {
  return { name: operation.name, process: target, collected: collect };
}

function unmeasured(execution: Execution): Measured {
  return { execution, growth: unnamed(execution.conclusion.growth) };
}

function failsByMode({ mode }: GrowthCheck): 'fail' | 'warn' {
  return mode === 'thorough' ? 'fail' : 'warn';
}

/** What failed, failed because the target is gone: who started it knows its exit code, and tells by the signal. */
async function howItEnded(subject: string, signal: AbortSignal): Promise<CheckFailure> {
  const told = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    setTimeout(resolve, END_IS_TOLD_MS);
  });
  await told;
  if (signal.reason instanceof CheckFailure) return signal.reason;
  return new CheckFailure('target-ended', {
    ...{ what: 'Doing the growth check', why: `${subject} ended while it was checked` },
    cure: 'let it run until the check has ended; a program that ends by itself cannot be measured',
  });
}
