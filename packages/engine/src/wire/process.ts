/** What a process is and what may be done with it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly name: string;
  readonly commandLine: string[];
  readonly uid: number;
  readonly architecture: string;
  readonly namespacePid: number;
  readonly sameMountNamespace: boolean;
  /** 0: nobody. */
  readonly tracerPid: number;
  readonly seccompMode: number;
  readonly runtime: {
    /** "unknown": the process may not be looked at. */
    kind: 'coreclr' | 'single-file' | 'nativeaot' | 'mono' | 'none' | 'unknown';
    path: string;
    version: string;
    buildId: string;
    libc: string;
    dacPath: string | null;
    /** Why the runtime is not known. */
    why?: string;
  };
  readonly residentBytes: number;
  readonly threads: number;
  readonly methods: { captureMethod: 'clone' | 'copy' | 'stop'; available: boolean; why: string }[];
}

export interface EngineHello {
  readonly version: string;
  readonly pid: number;
  readonly architecture: string;
  readonly libc: string;
  readonly agentPath: string;
}
