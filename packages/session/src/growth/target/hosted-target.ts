/** A .NET process beside the one that is checked. */
export interface OtherProcess {
  readonly pid: number;
  readonly name: string;
  readonly commandLine: readonly string[];
}

/** A process that is checked, ready for its first operation. Disposed: ended when we started it, left alone when not. */
export interface HostedTarget extends AsyncDisposable {
  readonly pid: number;
  readonly name: string;
  readonly runtime: string | null;
  /** Where it listens, for requests that name only a path; undefined when it listens nowhere. */
  readonly origin: string | undefined;
  /** Aborted, with a CheckFailure that says how, when the process ends before it is disposed. */
  readonly ended: AbortSignal;
  /** The other .NET processes of the program that run now; absent where they are not known. */
  readonly others?: () => readonly OtherProcess[];
}
