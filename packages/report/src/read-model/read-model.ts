import type {
  CaptureDetail,
  CaptureRecord,
  CheckRecord,
  GrowthCheck,
  ProblemRecord,
  TargetRecord,
  TestRecord,
  TypeInfo,
  Verdict,
} from '@firstchance/model';

/**
 * What every renderer draws: one session folder, sorted, joined, most important first. Texts are as the target wrote them. The
 * lists are no longer than reports show (`LIMITS`), however much there is; `totals` says how much that is.
 */
export interface ReadModel {
  /** Sessions in the folder, oldest first; several after a merge or with -x. */
  readonly runs: readonly Run[];
  readonly outcome: Outcome;
  readonly captures: readonly CaptureEntry[];
  readonly checks: readonly CheckEntry[];
  /** In the order in which they began; when there are too many, the failed ones and the first. */
  readonly tests: readonly TestEntry[];
  /** By what was left, most first. */
  readonly ledger: readonly LedgerEntry[];
  /** In the order of time; when there are too many, the first and the last. */
  readonly memory: readonly MemoryPoint[];
  readonly targets: readonly TargetRecord[];
  readonly problems: readonly ProblemRecord[];
  /** Matches that were not captured, added up by reason. */
  readonly skipped: readonly { readonly why: string; readonly count: number }[];
  /** Captures removed because their test passed. */
  readonly removed: number;
  /** What of the folder could not be read, one sentence each. */
  readonly unreadable: readonly string[];
  readonly totals: Totals;
}

/** How many there are altogether, whether they are in the lists or not. */
export interface Totals {
  readonly runs: number;
  readonly captures: number;
  readonly checks: number;
  /** Checks that counted as failed for the exit code. */
  readonly failedChecks: number;
  readonly notPassed: number;
  readonly tests: number;
  readonly failedTests: number;
  readonly ledger: number;
  /** Entries of the ledger in which something was left. */
  readonly ledgerGrown: number;
  readonly memory: number;
  readonly targets: number;
  readonly problems: number;
  readonly unreadable: number;
}

export interface Run {
  readonly id: string;
  readonly command: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly started: string;
  /** Null: it still runs, or was killed. */
  readonly end: { readonly time: string; readonly exitCode: number; readonly reason: string } | null;
}

export interface Outcome {
  /** The worst there was: of several runs the first that failed. Null: no run has ended. */
  readonly exitCode: number | null;
  /** The worst verdict; null when nothing was checked. */
  readonly verdict: Verdict | null;
  /** What decided it, one sentence. */
  readonly reason: string;
}

export interface CaptureEntry {
  readonly record: CaptureRecord;
  /** Reads capture.json; null when it is gone or not readable. */
  readonly detail: () => CaptureDetail | null;
  /** What became of its test; null when it belongs to none or nobody knows. */
  readonly testState: string | null;
}

export interface CheckEntry {
  readonly record: CheckRecord;
  /** Reads its file; null when it is gone or not readable. */
  readonly check: () => GrowthCheck | null;
  /** The test that asked for it; null where none is known. */
  readonly test: TestRecord | null;
}

export interface TestEntry {
  readonly record: TestRecord;
  readonly captureIds: readonly string[];
}

export interface LedgerEntry {
  readonly id: string;
  /** Title of the test, suites first; null when the census belongs to none that is known. */
  readonly title: readonly string[] | null;
  readonly testState: string | null;
  /** How many tests ran at that moment: more than 1, and what was left may be another one's. */
  readonly candidates: number;
  /** Titles of the tests that share this census. */
  readonly merged: readonly string[];
  readonly bytes: number;
  readonly instances: number;
  /** Most bytes first, the largest types. */
  readonly left: readonly TypeInfo[];
  readonly pauseMs: number;
  readonly time: string;
}

/** Memory of the target by category at one census, in bytes; a category that was not read is absent. */
export interface MemoryPoint {
  readonly time: string;
  readonly title: string | null;
  readonly categories: Readonly<Partial<Record<MemoryCategory, number>>>;
  readonly managedBytes: number | null;
  readonly residentBytes: number | null;
}

export const MEMORY_CATEGORIES = ['gcHeap', 'loader', 'jit', 'malloc', 'stacks', 'other'] as const;
export type MemoryCategory = (typeof MEMORY_CATEGORIES)[number];
