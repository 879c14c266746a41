import type { CaptureProgress, CaptureResult, DumpRequest, Trigger } from './capture.ts';
import type { WireError } from './error.ts';

/** What the agents watch for and how often they may ask; 0 means no limit (docs/agent.md). */
export interface AgentFilter {
  readonly firstChance: boolean;
  readonly unhandled: boolean;
  readonly exit: boolean;
  readonly log: boolean;
  readonly tests: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly perPlace: number;
  readonly perType: number;
  readonly perTest: number;
  readonly perSession: number;
  /** How long a throwing thread waits for its snapshot. */
  readonly timeoutMs: number;
  /** Frozen copies that may live at a time. */
  readonly maxFrozen: number;
  readonly decline: readonly string[];
}

export interface ArmRequest {
  readonly controlPath: string;
  readonly socketPath: string;
  readonly filter: AgentFilter;
}

/** An agent asked; its process has been frozen and runs again already. */
export interface DecideRequest {
  readonly captureToken: string;
  readonly pid: number;
  readonly threadId: number;
  readonly trigger: Trigger;
  readonly pauseMs: number;
  readonly captureMethod: 'clone' | 'copy' | 'stop';
  readonly gc: 'idle' | 'in-progress' | 'unknown';
  readonly exception: { type: string; message: string | null; hresult: number; address: string } | null;
  readonly test: { name: string; candidates: number } | null;
}

export type Decision =
  | { action: 'keep'; folder: string; dump: DumpRequest | null; stacks?: boolean; topTypes?: boolean }
  | { action: 'drop'; reason: string };

/** The end of an agent's capture. `pid`, `trigger` … as in the request, for captures that failed before it was sent. */
export type CaptureDone = Partial<DecideRequest> & {
  readonly captureToken: string;
  readonly result?: CaptureResult;
  readonly error?: WireError;
};

export interface EngineEvents {
  'capture/done': CaptureDone;
  'capture/progress': { captureToken: string; value: CaptureProgress };
  'agents/connected': { pid: number; runtime: string; how: 'startup' | 'attach' };
  'agents/disconnected': { pid: number };
  'agents/exception': {
    pid: number;
    threadId: number;
    type: string;
    message: string | null;
    rethrow: boolean;
    matched: boolean;
  };
  'agents/test': {
    pid: number;
    threadId: number;
    state: 'started' | 'passed' | 'failed' | 'skipped' | 'ended';
    name: string;
  };
  'agents/skipped': { pid: number; type: string; why: string; count: number };
  log: { level: string; text: string };
}
