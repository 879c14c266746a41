import type { CaptureKind, Verdict } from '@firstchance/model';
import type { MemoryCategory } from '../read-model/read-model.ts';

/*
 * What report.html carries, as small as it can be: texts, frames, types and stacks are written once and named by their
 * index. All texts have gone through harmless(). The page (packages/report-html) reads nothing else.
 */

export interface PageData {
  readonly schema: 1;
  readonly title: string;
  readonly outcome: { readonly exitCode: number | null; readonly verdict: Verdict | null; readonly reason: string };
  readonly runs: readonly PageRun[];
  readonly targets: readonly PageTarget[];
  readonly captures: readonly PageCapture[];
  readonly checks: readonly PageCheck[];
  readonly tests: readonly PageTest[];
  readonly ledger: readonly PageLedger[];
  readonly memory: readonly PageMemory[];
  readonly problems: readonly { what: string; where: string; why: string; cure: string }[];
  readonly skipped: readonly { why: string; count: number }[];
  readonly removed: number;
  readonly unreadable: readonly string[];
  /** Entries whose detail did not fit; it is in their files. */
  readonly leftOut: number;
  /** Entries of each list that are in the session and not in the page; absent where that is none. */
  readonly notShown?: Readonly<Partial<Record<NotShown, number>>>;
  readonly frames: readonly PageFrame[];
  /** Indices of frames, newest first. */
  readonly stacks: readonly (readonly number[])[];
  readonly types: readonly PageType[];
}

/** `failedTests` are among `tests`, `notPassed` among `checks`. */
export type NotShown =
  | ('runs' | 'targets' | 'captures' | 'checks' | 'notPassed' | 'tests' | 'failedTests')
  | ('ledger' | 'memory' | 'problems' | 'unreadable');

export interface PageRun {
  readonly id: string;
  readonly command: string;
  readonly platform: string;
  readonly versions: string;
  readonly started: string;
  readonly ended: string | null;
  readonly exitCode: number | null;
  readonly reason: string;
}

export interface PageTarget {
  readonly pid: number;
  readonly name: string;
  readonly runtime: string;
  readonly agent: string;
  readonly exitCode: number | null;
}

/** method, "Cart.cs:40" or the module, own code: 1, not worth a line (marks, exception machinery): 2, else 0 */
export type PageFrame = readonly [method: string, source: string, kind: 0 | 1 | 2];
/** type, module, own: 1 */
export type PageType = readonly [type: string, module: string, own: 0 | 1];

export interface PageException {
  readonly type: string;
  readonly message: string | null;
  readonly hresult: string;
  readonly stack: number;
  readonly inner: readonly PageException[];
}

export interface PageCapture {
  readonly id: string;
  readonly time: string;
  readonly kind: CaptureKind;
  readonly detail: string;
  readonly title: string;
  readonly test: {
    readonly title: string;
    readonly state: string | null;
    readonly candidates: number;
    /** Number of the runner's worker, from 0. */
    readonly worker: number | null;
  } | null;
  readonly process: string;
  readonly pid: number;
  readonly runtime: string;
  readonly thread: number | null;
  /** Where own code stood, "Shop.Cart.Add  Cart.cs:40". */
  readonly where: string;
  readonly pauseMs: number | null;
  readonly durationMs: number;
  readonly method: string;
  readonly gc: string;
  readonly dump: { kind: string; path: string; bytes: number; rawBytes: number; leftOut: readonly string[] } | null;
  readonly exception: PageException | null;
  /** Null: capture.json was not readable, or it did not fit. */
  readonly more: PageCaptureDetail | null;
}

export interface PageCaptureDetail {
  readonly threads: readonly PageThread[];
  readonly awaiting: readonly PageAsync[];
  /** index of the type, instances, bytes */
  readonly types: readonly (readonly [type: number, instances: number, bytes: number])[];
  readonly typesLeftOut: number;
  readonly dominators: readonly PageDominator[];
  readonly modules: number;
  readonly notes: readonly string[];
}

export interface PageThread {
  readonly id: number;
  readonly managed: number | null;
  readonly name: string;
  readonly state: string;
  readonly finalizer: boolean;
  readonly stack: number;
  readonly exception: string | null;
}

export interface PageAsync {
  readonly method: string;
  /** "Cart.cs:40", the await at which it stands; absent where no symbols tell. */
  readonly source?: string;
  /** Of the program or its libraries. */
  readonly own: boolean;
  readonly awaits: readonly PageAsync[];
}

/** index of the type, retained bytes, children */
export type PageDominator = readonly [type: number, bytes: number, children: readonly PageDominator[]];

export interface PageCheck {
  readonly id: string;
  /** Its number and the test that asked for it, else what it repeated. */
  readonly title: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly path: string;
  readonly mode: string;
  readonly operations: number;
  readonly seed: number;
  readonly growth: readonly PageGrowth[];
  readonly harmless: readonly PageGrowth[];
  readonly minimum: readonly (number | null)[];
  /** Null: its file was not readable, or it did not fit. */
  readonly rounds: PageRounds | null;
}

export interface PageGrowth {
  readonly channel: string;
  readonly title: string;
  readonly type: string | null;
  readonly perOperation: number;
  readonly bytesPerOperation: number | null;
  readonly low: number;
  readonly high: number;
  readonly container: string | null;
  /** Who to look at: the root of `path`, or what stands for it where that is the platform's; null without a path. */
  readonly holder: string | null;
  readonly path: readonly string[];
  readonly owner: readonly string[];
  /** Who holds native memory, or how much of it comes with the objects, in words; empty where there is none. */
  readonly native: string;
  readonly pattern: string | null;
  /** What usually helps; empty where nobody knows. */
  readonly cure: string;
  readonly fingerprint: string;
  /** Places in the program's code that create it; null where there is no short answer. */
  readonly createdIn: PageCreatedIn | null;
  /** Why it is harmless; empty for growth. */
  readonly why: string;
  /** Level after each round, as the channels of `PageRounds`, of what no channel shows alone (one type); null where not kept. */
  readonly series: readonly (number | null)[] | null;
}

export interface PageCreatedIn {
  /** "created in" */
  readonly title: string;
  /** Method, "Catalog.cs:42", and of a delegate the method it calls; the latter two may be empty. */
  readonly places: readonly (readonly [method: string, source: string, calls: string])[];
  /** How many places there are in all. */
  readonly of: number;
}

/** One value per round; channels as differences to the round before (the first one whole), null where not measured. */
export interface PageRounds {
  readonly phase: readonly number[];
  readonly dose: readonly number[];
  readonly durationMs: readonly number[];
  readonly pauseMs: readonly number[];
  readonly channels: readonly (readonly [name: string, values: readonly (number | null)[]])[];
}

export interface PageTest {
  readonly title: string;
  readonly state: string;
  readonly durationMs: number | null;
  readonly place: string;
  readonly attempt: number;
  readonly captures: readonly string[];
}

export interface PageLedger {
  readonly title: string;
  readonly state: string | null;
  readonly candidates: number;
  readonly merged: readonly string[];
  readonly bytes: number;
  readonly instances: number;
  readonly left: readonly (readonly [type: number, instances: number, bytes: number])[];
}

export interface PageMemory {
  readonly time: string;
  readonly title: string | null;
  readonly categories: Readonly<Partial<Record<MemoryCategory, number>>>;
  readonly managed: number | null;
  readonly resident: number | null;
}
