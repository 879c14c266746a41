import {
  advice,
  ELSEWHERE,
  type ProblemRecord,
  type SkippedRecord,
  type TargetRecord,
  type Verdict,
} from '@firstchance/model';
import { failsBuild } from '../growth/fails-build.ts';
import { Best } from './best.ts';
import type { JoinedPart } from './join-part.ts';
import { badness, compareCaptures, compareTexts, isFailed, severity } from './order.ts';
import type {
  CaptureEntry,
  CheckEntry,
  LedgerEntry,
  MemoryPoint,
  Outcome,
  ReadModel,
  Run,
  TestEntry,
} from './read-model.ts';

/** The longest lists that a report shows: what is beyond is counted and not kept. */
export const LIMITS = {
  ...{ runs: 2000, targets: 2000, captures: 1000, checks: 2000, tests: 5000, ledger: 1000, memory: 5000 },
  ...{ problems: 1000, skipped: 1000, unreadable: 500 },
  /** Types of one entry of the ledger. */
  types: 15,
};
export type Limits = Readonly<typeof LIMITS>;

/** For who wants all of it, and has the memory. */
export const NO_LIMITS: Limits = Object.fromEntries(
  Object.keys(LIMITS).map((name) => [name, Number.POSITIVE_INFINITY]),
) as Limits;

/** Sorts what a session folder holds, part by part, and keeps of it what reports show. */
export class ReadModelBuilder {
  readonly #limits: Limits;
  readonly #runs: Best<Run>;
  readonly #targets: Best<TargetRecord>;
  readonly #captures: Best<CaptureEntry>;
  readonly #checks: Best<CheckEntry>;
  readonly #tests: Best<{ entry: TestEntry; at: number }>;
  readonly #ledger: Best<LedgerEntry>;
  readonly #memory: Best<MemoryPoint>;
  readonly #problems: Best<ProblemRecord>;
  readonly #unreadable: Best<string>;
  readonly #skipped = new Map<string, number>();
  readonly #counts = { failedChecks: 0, notPassed: 0, failedTests: 0, ledgerGrown: 0, removed: 0 };
  #outcome: Outcome = NO_OUTCOME;
  #last: MemoryPoint | undefined;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
    this.#runs = new Best(limits.runs);
    this.#targets = new Best(limits.targets);
    this.#captures = new Best(limits.captures, compareCaptures);
    this.#checks = new Best(limits.checks, (a, b) => badness(b.record.verdict) - badness(a.record.verdict));
    this.#tests = new Best(limits.tests, (a, b) => Number(isFailed(b.entry)) - Number(isFailed(a.entry)));
    this.#ledger = new Best(limits.ledger, (a, b) => b.bytes - a.bytes || compareTexts(a.id, b.id));
    this.#memory = new Best(limits.memory, (a, b) => compareTexts(a.time, b.time));
    this.#problems = new Best(limits.problems);
    this.#unreadable = new Best(limits.unreadable);
  }

  /** @param unreadable what of the part could not be read, one sentence each */
  add(part: JoinedPart, unreadable: readonly string[] = []): void {
    this.#runs.add(...part.runs);
    this.#targets.add(...part.targets);
    for (const entry of part.captures) this.#captures.add(entry);
    this.#counts.removed += part.removed;
    for (const entry of part.checks) {
      this.#checks.add(entry);
      if (failsBuild(entry)) this.#counts.failedChecks += 1;
      if (entry.record.verdict !== 'PASS') this.#counts.notPassed += 1;
    }
    for (const entry of part.tests) {
      this.#tests.add({ entry, at: this.#tests.total });
      if (isFailed(entry)) this.#counts.failedTests += 1;
    }
    for (const entry of part.ledger) {
      this.#ledger.add({ ...entry, left: entry.left.slice(0, this.#limits.types) });
      if (entry.bytes > 0) this.#counts.ledgerGrown += 1;
    }
    for (const point of part.memory) {
      this.#memory.add(point);
      if (this.#last === undefined || point.time >= this.#last.time) this.#last = point;
    }
    for (const problem of part.problems) this.#problems.add({ ...problem, cure: advice(problem.cure, ELSEWHERE) });
    for (const record of part.skipped) this.#skip(record);
    for (const sentence of unreadable) this.tell(sentence);
    this.#outcome = worse(this.#outcome, part);
  }

  /** Tells what could not be read, one sentence. */
  tell(sentence: string): void {
    this.#unreadable.add(sentence);
  }

  model(): ReadModel {
    return {
      ...{ runs: this.#runs.list(), outcome: this.#outcome, captures: this.#captures.list() },
      checks: this.#checks.list(),
      tests: [...this.#tests.list()].sort((a, b) => a.at - b.at).map(({ entry }) => entry),
      ...{ ledger: this.#ledger.list(), memory: this.#points() },
      ...{ targets: this.#targets.list(), problems: this.#problems.list() },
      skipped: [...this.#skipped].map(([why, count]) => ({ why, count })).sort((a, b) => b.count - a.count),
      removed: this.#counts.removed,
      unreadable: this.#unreadable.list(),
      totals: {
        ...{ runs: this.#runs.total, captures: this.#captures.total, checks: this.#checks.total },
        ...{ failedChecks: this.#counts.failedChecks, notPassed: this.#counts.notPassed },
        tests: this.#tests.total,
        ...{ failedTests: this.#counts.failedTests, ledger: this.#ledger.total, ledgerGrown: this.#counts.ledgerGrown },
        ...{ memory: this.#memory.total, targets: this.#targets.total, problems: this.#problems.total },
        unreadable: this.#unreadable.total,
      },
    };
  }

  /** Where memory ended is worth more than the point before it. */
  #points(): readonly MemoryPoint[] {
    const points = this.#memory.list();
    return this.#memory.total > points.length && this.#last ? [...points.slice(0, -1), this.#last] : points;
  }

  #skip({ why, count }: SkippedRecord): void {
    const known = this.#skipped.get(why);
    // The reasons are a few words of ours; a foreign manifest may have any number.
    if (known !== undefined || this.#skipped.size < this.#limits.skipped) this.#skipped.set(why, (known ?? 0) + count);
  }
}

const NO_OUTCOME: Outcome = {
  ...{ exitCode: null, verdict: null },
  reason: 'the session has not ended: it still runs, or it was killed',
};

/** Of equally bad ends the first counts. */
function worse(before: Outcome, { ends, checks }: JoinedPart): Outcome {
  let { exitCode, reason } = before;
  let verdict: Verdict | null = before.verdict;
  for (const end of ends)
    if (exitCode === null || severity(end.exitCode) > severity(exitCode)) ({ exitCode, reason } = end);
  for (const one of [...checks.map(({ record }) => record.verdict), ...ends.map((end) => end.verdict)])
    if (one !== null && (verdict === null || badness(one) > badness(verdict))) verdict = one;
  return { exitCode, verdict, reason };
}
