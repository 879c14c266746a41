/* The records a renderer reads, with the shapes of the session's contract. */

export type CaptureKind = 'first-chance' | 'unhandled' | 'deadline' | 'memory' | 'exit' | 'growth' | 'manual';
export type CaptureMethod = 'clone' | 'copy' | 'stop' | 'createdump';
export type DumpKind = 'mini' | 'focus' | 'heap' | 'full';
export type GcState = 'idle' | 'in-progress' | 'unknown';
export interface Trigger {
  kind: CaptureKind;
  detail: string;
}
export interface ProcessFacts {
  name: string;
  commandLine: string[];
  runtime: string | null;
  architecture: string | null;
}
export interface TestReference {
  id: string;
  title: string[];
  file: string | null;
  line: number | null;
  runner: string;
  attempt: number;
  candidates: number;
}
export interface StackFrame {
  method: string;
  module: string | null;
  ilOffset: number | null;
  file: string | null;
  line: number | null;
}
export interface ExceptionInfo {
  type: string;
  message: string | null;
  hresult: number;
  inner: ExceptionInfo[];
  stack: StackFrame[];
}
export interface ThreadInfo {
  osId: number;
  managedId: number | null;
  name: string | null;
  state: string;
  isFinalizer?: boolean;
  stack: StackFrame[];
  exception: ExceptionInfo | null;
}
export interface AsyncNode {
  method: string;
  awaits: AsyncNode[];
}
export interface TypeInfo {
  type: string;
  module: string | null;
  instances: number;
  bytes: number;
}
export interface ModuleInfo {
  name: string;
  path: string;
}
export interface DumpInfo {
  kind: DumpKind;
  path: string;
  bytes: number;
  rawBytes: number;
  leftOut: string[];
}
interface Stamp {
  schema: 1;
  session: string;
  time: string;
}
export interface CaptureRecord extends Stamp {
  record: 'capture';
  id: string;
  pid: number;
  process: ProcessFacts;
  trigger: Trigger;
  test: TestReference | null;
  thread: { osId: number; name: string | null } | null;
  exception: ExceptionInfo | null;
  pauseMs: number | null;
  captureMethod: CaptureMethod;
  gc: GcState;
  dump: DumpInfo | null;
  durationMs: number;
}
export interface CaptureDetail extends CaptureRecord {
  threads: ThreadInfo[];
  awaiting: AsyncNode[];
  topTypes: TypeInfo[];
  modules: ModuleInfo[];
  notes: string[];
}
export interface SessionRecord extends Stamp {
  record: 'session';
  id: string;
  command: string[];
  versions: Record<string, string>;
  platform: string;
}
export interface TargetRecord extends Stamp {
  record: 'target';
  pid: number;
  name: string;
  commandLine: string[];
  runtime: string | null;
  architecture: string | null;
  agent: 'loaded' | 'attached' | 'declined' | 'none';
  started: string;
  ended?: string;
  exitCode?: number | null;
}
export interface TestRecord extends Stamp {
  record: 'test';
  id: string;
  title: string[];
  file: string | null;
  line: number | null;
  runner: string;
  attempt: number;
  state: 'started' | 'passed' | 'failed' | 'timed-out' | 'skipped';
  durationMs: number | null;
}
export interface ResultRecord extends Stamp {
  record: 'result';
  captureId: string;
  kept: boolean;
  testState: string;
}
export interface SkippedRecord extends Stamp {
  record: 'skipped';
  trigger: CaptureKind;
  exceptionType: string | null;
  why: string;
  count: number;
}
export interface ProblemRecord extends Stamp {
  record: 'problem';
  what: string;
  where: string;
  why: string;
  cure: string;
}
export interface EndRecord extends Stamp {
  record: 'end';
  exitCode: number;
  /** Null when no check was asked for. */
  verdict: string | null;
  /** What decided the exit code, one sentence. */
  reason: string;
  captures: number;
  checks: number;
  problems: number;
}
export type ManifestRecord =
  | CaptureRecord
  | SessionRecord
  | TargetRecord
  | TestRecord
  | ResultRecord
  | SkippedRecord
  | ProblemRecord
  | EndRecord;
