import type { CaptureDetail, ManifestRecord, ProcessFacts } from '@firstchance/model';
import type { RuntimeDumper } from './capture/createdump.ts';
import type { SourceLocator } from './capture/source-lines.ts';
import type { CaptureProgress, EngineListener, SessionEngine } from './engine-port.ts';
import type { CulpritNamer } from './growth/ports.ts';
import type { RecordSink } from './records/recorder.ts';
import type { ReadTestMethods } from './tests/frames/test-methods.ts';

/** What a session works with; connectPorts() gives the real ones, tests their own. */
export interface SessionPorts {
  /** Starts the engine. @throws when there is none for this system or it does not start */
  readonly startEngine: (listener: EngineListener) => Promise<SessionEngine>;
  readonly dumper: RuntimeDumper;
  /** Loads the agent into a running process (diagnostics IPC, AttachProfiler). */
  readonly attachAgent: (pid: number, agent: { clsid: string; path: string; data: Uint8Array }) => Promise<void>;
  readonly describe: (pid: number) => Promise<ProcessFacts>;
  readonly locator: SourceLocator;
  readonly testMethods: ReadTestMethods;
  /** Finds out what holds what grows. */
  readonly namer: CulpritNamer;
  readonly openSink: (sessionFolder: string) => RecordSink & Disposable;
}

/** What a session tells as it happens. */
export interface SessionListener {
  onRecord?(record: ManifestRecord): void;
  /** A dump is being written. */
  onProgress?(captureId: string, progress: CaptureProgress): void;
  /** Stacks were asked for at a deadline, and here they are. */
  onStacks?(detail: CaptureDetail): void;
  /** An exception flew by (-l). */
  onException?(event: { pid: number; threadId: number; type: string; message: string | null; matched: boolean }): void;
  /** Diagnostics of the engine. */
  onLog?(level: string, text: string): void;
}
