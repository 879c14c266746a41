import type { CaptureDetail, CaptureRecord, GrowthCheck, ProblemRecord } from '@firstchance/model';
import type { CheckJudging, OperationSpec, SessionEnd, SessionPlan, SessionPorts } from '@firstchance/session';
import type { Door } from './door.ts';
import type { KeptLedger } from './kept-ledger.ts';

/** How things are told to people; the server itself writes no text. */
export interface Texts {
  capture(record: CaptureRecord): string;
  problem(record: ProblemRecord): string;
  /** One capture in full. */
  report(detail: CaptureDetail): string;
  stacks(detail: CaptureDetail): string;
  /** @param runner of the client that asked, as it named itself: where its tests set options */
  check(check: GrowthCheck, runner: string): string;
  /** @param targets .NET processes that were seen */
  end(end: SessionEnd, targets: number, ledger: Pick<KeptLedger, 'records' | 'titleOf'>): string;
}

/** What the adapters' environment and the first line of the server's output hold. */
export interface Ready {
  /** Session folder, absolute. */
  readonly folder: string;
  /** What the programs under test need, FIRSTCHANCE_SESSION among it. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServeRequest {
  readonly plan: SessionPlan;
  readonly ports: SessionPorts;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile?: string;
  readonly texts: Texts;
  /** What a check is told, with the configuration file's values under the given ones. @throws UsageError */
  readonly judging: (options: Readonly<Record<string, unknown>>) => CheckJudging | Promise<CheckJudging>;
  /** 'GET /orders' as an operation. @throws UsageError */
  readonly operation: (text: string) => OperationSpec;
  /** Where clients come in, some of them before the session is open. */
  readonly door: Door;
  /** Agents are armed, clients are answered. */
  readonly onOpen?: () => void;
  /** Aborted when the owner is gone, or somebody asked us to end. */
  readonly ownerGone: AbortSignal;
  /** How it ended, in words, when nobody closed the session before. */
  readonly endReason: string;
}
