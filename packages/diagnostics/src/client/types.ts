import type { CallOptions } from '../transport/options.ts';

/** What a runtime tells about itself. Fields its version does not send are null. */
export interface ProcessInfo {
  /** Process id in the target's own pid namespace. */
  readonly processId: number;
  /** Names this runtime instance, in all pid namespaces; also sent with every advertisement. */
  readonly runtimeCookie: string;
  /** Executable and arguments joined by spaces; the executable alone while the runtime is suspended at its start. */
  readonly commandLine: string;
  /** "Linux", "macOS", "Windows". */
  readonly operatingSystem: string;
  /** "x64", "arm64", "x86", "arm32". */
  readonly architecture: string;
  /** Simple name of the program's assembly (ProcessInfo2 and later). */
  readonly entryAssembly: string | null;
  /** "10.0.12" or "9.0.0-rc.1.24431.7" (ProcessInfo2 and later). */
  readonly runtimeVersion: string | null;
  /** Portable runtime identifier, "linux-x64" (ProcessInfo3, .NET 8 and later). */
  readonly runtimeIdentifier: string | null;
}

export interface AttachProfilerRequest extends CallOptions {
  /** The profiler's class id, as 8-4-4-4-12 hexadecimal digits. */
  readonly clsid: string;
  /** Absolute path of the profiler, as the target sees it. */
  readonly path: string;
  /** Handed to the profiler's InitializeForAttach. */
  readonly data?: Uint8Array;
}

export interface StartupProfilerRequest extends CallOptions {
  readonly clsid: string;
  readonly path: string;
}

/** mini: stacks and modules · heap: mini and all private writable memory · triage: mini without paths · full: everything. */
export type RuntimeDumpKind = 'mini' | 'heap' | 'triage' | 'full';

export interface WriteDumpRequest extends CallOptions {
  /** Absolute path in the target's file system; the target creates the file with its own user's rights. */
  readonly path: string;
  readonly kind: RuntimeDumpKind;
  /** The runtime prints what it does to the target's console. */
  readonly logging?: 'none' | 'normal' | 'verbose';
  /** Also writes <path>.crashreport.json. */
  readonly crashReport?: boolean;
  /**
   * Called about every 250 ms. The protocol reports nothing while a dump is written: what is told is the size of the
   * growing file, where it can be seen from here.
   */
  readonly onProgress?: (progress: DumpProgress) => void;
}

export interface DumpProgress {
  /** Bytes of the file so far; null while there is no file, or it cannot be seen from here. */
  readonly bytes: number | null;
  readonly elapsedMs: number;
  /** One sentence for people. */
  readonly text: string;
}

export interface WrittenDump {
  /** As asked for: in the target's file system. */
  readonly path: string;
  /** The same file as seen from here; differs for a target in a container. */
  readonly visiblePath: string;
  /** Size of the finished file; null when it cannot be seen from here. */
  readonly bytes: number | null;
  readonly durationMs: number;
}

/** all: both · jitdump: for `perf inject` · perfmap: /tmp/perf-PID.map. */
export type PerfMapKind = 'all' | 'jitdump' | 'perfmap';
