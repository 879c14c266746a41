import type { CaptureMethod } from '@firstchance/model';
import type { DumpRequest } from './engine-port.ts';

/** Everything a session can be told; times in ms, sizes in bytes unless the name says MB. */
export interface SessionOptions {
  readonly firstChance: boolean;
  readonly unhandled: boolean;
  readonly exit: boolean;
  /** Report every exception as it flies by. */
  readonly log: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Null: no dump, only what capture.json holds. */
  readonly dump: DumpRequest | null;
  /** Take captures this way only; absent: the best one that works. */
  readonly captureMethod?: CaptureMethod;
  /** Captures in the session; 0 for no limit. */
  readonly count: number;
  readonly perPlace: number;
  readonly perType: number;
  readonly perTest: number;
  readonly deadlineMs?: number;
  readonly perTestDeadlineMs?: number;
  /** Of a process that stands still because a test hangs at twice its deadline; absent: wait. */
  readonly onHang?: 'end' | 'wait';
  /** Print all managed stacks at a deadline. */
  readonly stacks: boolean;
  readonly minMemoryMB?: number;
  readonly maxMemoryMB?: number;
  /** "failed" removes captures of tests that passed. */
  readonly keep: 'failed' | 'all';
  /** 0 for no limit. */
  readonly maxDiskBytes: number;
  readonly keepSessions: number;
  /** Read memory after each test. */
  readonly ledger?: boolean;
  /** A test that leaves more fails the run; absent: none does. */
  readonly ledgerBudgetBytes?: number;
  readonly requireCapture: boolean;
  readonly scrubEnvironment: boolean;
  readonly allowEnvironment: readonly string[];
  /** Session folder (-x); absent: a new one under .firstchance. */
  readonly folder?: string;
}

export const DEFAULT_OPTIONS: SessionOptions = {
  ...{ firstChance: false, unhandled: true, exit: false, log: false, include: [], exclude: [] },
  ...{ dump: { kind: 'heap', compression: 'zstd' }, count: 10, perPlace: 1, perType: 3, perTest: 0, stacks: false },
  ...{ keep: 'failed', maxDiskBytes: 2_000_000_000, keepSessions: 5, requireCapture: false },
  ...{ scrubEnvironment: false, allowEnvironment: [] },
};

/** What is asked for is told by agents in the processes. */
export function needsAgent(options: SessionOptions): boolean {
  const { firstChance, unhandled, exit, log, perTestDeadlineMs, ledger } = options;
  return firstChance || unhandled || exit || log || ledger === true || perTestDeadlineMs !== undefined;
}
