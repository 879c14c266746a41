import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureDetail, ProcessFacts, TestReference, Trigger } from '@firstchance/model';
import { processName } from '@firstchance/target';
import type { EngineCapture } from '../engine-port.ts';
import type { CountLimit } from '../limits/count-limit.ts';
import type { DiskBudget } from '../limits/disk-budget.ts';
import { noResults } from '../problems/no-results.ts';
import { targetHasEnded, toProblem } from '../problems/problem.ts';
import type { Recorder } from '../records/recorder.ts';
import type { SkipCounter } from '../records/skips.ts';
import type { CaptureMoment } from '../results/result-of.ts';
import type { Attribution } from '../tests/attribution.ts';
import type { TestOutcome } from '../tests/test-states.ts';
import type { CaptureFolders } from './capture-folders.ts';
import { type CaptureDraft, captureDetail, captureRecord, type Thrown, writeDetail } from './detail.ts';
import { addSourceLines, type SourceLocator } from './source-lines.ts';
import { UnderWay } from './under-way.ts';

export interface CapturesContext {
  readonly recorder: Recorder;
  readonly skips: SkipCounter;
  readonly folders: CaptureFolders;
  readonly count: CountLimit;
  readonly budget: DiskBudget;
  readonly tests: Attribution;
  readonly locator: SourceLocator;
  /** What is known of a process besides what the engine says. */
  readonly facts: (pid: number) => ProcessFacts | undefined;
  readonly keep: 'failed' | 'all';
  /** The number of captures has been reached, or room was made again. */
  readonly onLimit: () => void;
}

export interface CaptureSubject {
  readonly pid: number;
  /** As the agent saw it, before anything was read. */
  readonly thrown?: Thrown | null;
  readonly threadId?: number;
  /** As the agent named it; absent: looked up by what runs in the process. */
  readonly testName?: string;
  /** Of how many running tests the named one is the likeliest. */
  readonly candidates?: number;
}

interface Finished {
  readonly draft: CaptureDraft;
  readonly bytes: number;
}

/** Every capture of a session from the decision to the file, and whether it stays. */
export class Captures {
  readonly #context: CapturesContext;
  /** Captures whose test has not ended yet. */
  readonly #undecided = new Map<string, Finished>();
  readonly #underWay = new UnderWay();
  #closing = false;
  #final = false;
  #kept = 0;

  constructor(context: CapturesContext) {
    this.#context = context;
  }

  /** Captures on disk by now. */
  get kept(): number {
    return this.#kept;
  }

  /** Resolves when the captures of a test that are under way are written or have failed. */
  written(testId: string): Promise<void> {
    return this.#underWay.done(testId);
  }

  /** From now on nothing new is begun. */
  stop(): void {
    this.#closing = true;
  }

  /** Makes room for a capture; a string says why there will be none. */
  begin(trigger: Trigger, subject: CaptureSubject): CaptureDraft | string {
    const { count, budget, folders, skips, recorder, tests } = this.#context;
    const type = subject.thrown?.type ?? null;
    const refuse = (why: string) => {
      skips.add(trigger.kind, type, why);
      return why;
    };
    if (this.#closing) return refuse('closing');
    if (!budget.hasRoom) return refuse('max-disk');
    if (!count.reserve()) return refuse('per-session');
    try {
      const folder = folders.make(trigger, type);
      budget.begin();
      if (count.exhausted) this.#context.onLimit();
      const test = tests.attribute(subject.pid, subject.testName, subject.candidates);
      if (test) this.#underWay.begin(test.id, folder.id);
      const thrown = subject.thrown ? { thrown: subject.thrown } : {};
      const startedAt = Date.now();
      const { pid, threadId, testName } = subject;
      return { ...folder, pid, trigger, test, testName, startedAt, threadId, ...thrown };
    } catch (error) {
      count.release();
      recorder.problem(toProblem('could not make a folder for a capture', 'captures/', error));
      return refuse('output-not-writable');
    }
  }

  /** The engine is done with it: source lines, capture.json, the manifest's line. Undefined when it could not be written. */
  async complete(draft: CaptureDraft, capture: EngineCapture): Promise<CaptureDetail | undefined> {
    try {
      return await this.#complete(draft, capture);
    } finally {
      this.#underWay.end(draft.id);
    }
  }

  async #complete(begun: CaptureDraft, capture: EngineCapture): Promise<CaptureDetail | undefined> {
    const { recorder, budget, locator, tests } = this.#context;
    const fits = budget.finish(capture.dump?.bytes ?? 0);
    const kept = fits ? capture : this.#withoutDump(begun, capture);
    const draft = { ...begun, test: begun.test ?? (await tests.found(begun, capture)) };
    const sourced = await addSourceLines(kept, locator);
    const detail = captureDetail(draft, this.#withFacts(kept), sourced, {
      session: recorder.sessionId,
      time: new Date().toISOString(),
    });
    try {
      writeDetail(draft.path, detail);
    } catch (error) {
      budget.release(kept.dump?.bytes ?? 0);
      this.#discard(draft, toProblem(`could not write capture ${draft.id}`, `process ${draft.pid}`, error));
      return undefined;
    }
    this.#kept += 1;
    recorder.write(captureRecord(detail), detail.time);
    this.#undecided.set(draft.id, { draft, bytes: kept.dump?.bytes ?? 0 });
    this.#settle(draft.id);
    return detail;
  }

  /** It failed: its folder goes, its place is free again, the manifest says why. */
  fail(draft: CaptureDraft, error: unknown): void {
    this.#context.budget.finish(0);
    this.#underWay.end(draft.id);
    // A program that has ended by its deadline, of a crash or because its test is over, does not hang.
    if (draft.trigger.kind === 'deadline' && targetHasEnded(error)) {
      this.#context.skips.add('deadline', null, 'ended');
      this.#discard(draft);
    } else this.#discard(draft, toProblem(`capture ${draft.id} failed`, `process ${draft.pid}`, error));
  }

  /** A test is over: decides what becomes of its captures. */
  testEnded(test: { readonly id: string }): void {
    for (const { draft } of this.#undecided.values()) if (draft.test?.id === test.id) this.#settle(draft.id);
  }

  /** Tests that only the results of the run know: which of them a capture belongs to, and how it ended. Undefined: not known. */
  resolve(
    find: (test: TestReference, moment: CaptureMoment) => { test: TestReference; outcome: TestOutcome } | undefined,
  ): void {
    for (const [id, finished] of [...this.#undecided]) {
      const { draft } = finished;
      if (!draft.test || this.#context.tests.outcome(draft.test.id) !== undefined) continue;
      const found = find(draft.test, { at: draft.startedAt, message: draft.thrown?.message ?? null });
      if (!found) continue;
      const named = { ...finished, draft: { ...draft, test: found.test } };
      if (found.test.id !== draft.test.id) this.#rename(named.draft);
      this.#decide(id, named, found.outcome);
    }
  }

  /** The session ends: what is not decided by now stays. */
  finish(): void {
    this.#final = true;
    for (const id of [...this.#undecided.keys()]) this.#settle(id);
    const left = [...this.#undecided].filter(([, { draft }]) => draft.test !== null);
    for (const [id, finished] of left) this.#decide(id, finished, 'ended');
    const inVain = left.filter(([, { draft }]) => draft.trigger.kind === 'first-chance').length;
    if (inVain > 0 && this.#context.keep === 'failed') this.#context.recorder.problem(noResults(inVain));
  }

  #settle(id: string): void {
    const finished = this.#undecided.get(id);
    const test = finished?.draft.test;
    if (!finished || !test) return void this.#undecided.delete(id);
    const outcome = this.#context.tests.outcome(test.id);
    // How it ended may still be told by the results of the run.
    if (outcome !== undefined && (outcome !== 'ended' || this.#final)) this.#decide(id, finished, outcome);
  }

  #decide(id: string, { draft, bytes }: Finished, outcome: TestOutcome): void {
    const { test } = draft;
    this.#undecided.delete(id);
    // Only a certain answer removes anything: this very test, and it did not fail.
    const harmless = (outcome === 'passed' || outcome === 'skipped') && test?.candidates === 1;
    const kept = !(harmless && this.#context.keep === 'failed' && draft.trigger.kind === 'first-chance');
    if (!kept) this.#remove(draft, bytes);
    const testState = outcome === 'ended' ? 'unknown' : outcome;
    this.#context.recorder.write({ record: 'result', captureId: draft.id, kept, testState });
  }

  /** The record and capture.json name the very case of a test. */
  #rename(draft: CaptureDraft): void {
    try {
      const written = JSON.parse(readFileSync(join(draft.path, 'capture.json'), 'utf8')) as CaptureDetail;
      const detail = { ...written, test: draft.test };
      writeDetail(draft.path, detail);
      this.#context.recorder.write(captureRecord(detail), detail.time);
    } catch (error) {
      this.#context.recorder.problem(toProblem(`could not name the test of ${draft.id}`, draft.path, error));
    }
  }

  #remove(draft: CaptureDraft, bytes: number): void {
    const { count, budget, onLimit } = this.#context;
    rmSync(draft.path, { recursive: true, force: true });
    budget.release(bytes);
    count.release();
    this.#kept -= 1;
    onLimit();
  }

  #discard(draft: CaptureDraft, problem?: ReturnType<typeof toProblem>): void {
    rmSync(draft.path, { recursive: true, force: true });
    this.#context.count.release();
    if (problem) this.#context.recorder.problem(problem);
    this.#context.onLimit();
  }

  /** The engine sees a frozen copy: the kernel's short name is all it has; the session saw the command line. */
  #withFacts(capture: EngineCapture): EngineCapture {
    const known = this.#context.facts(capture.pid);
    if (!known) {
      const { commandLine, name } = capture.process;
      return {
        ...capture,
        process: { ...capture.process, name: commandLine.length > 0 ? processName(commandLine) : name },
      };
    }
    const { runtime, architecture } = capture.process;
    const commandLine = known.commandLine.length > 0 ? known.commandLine : capture.process.commandLine;
    return { ...capture, process: { name: known.name, commandLine, runtime: runtime ?? known.runtime, architecture } };
  }

  #withoutDump(draft: CaptureDraft, capture: EngineCapture): EngineCapture {
    this.#context.skips.add(draft.trigger.kind, capture.exception?.type ?? null, 'max-disk');
    if (capture.dump) rmSync(join(draft.path, capture.dump.file), { force: true });
    const note = 'the dump was removed: with it the session would have been larger than --max-disk allows';
    return { ...capture, dump: null, notes: [...capture.notes, note] };
  }
}
