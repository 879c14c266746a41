/** Why a runtime could not be asked, or what it refused. */
export type DiagnosticsErrorCode =
  /** No process has this pid, or it has ended. */
  | 'process-not-found'
  /** The process runs, but holds no .NET runtime that could be found. */
  | 'not-dotnet'
  /** DOTNET_EnableDiagnostics(_IPC)=0: the runtime opens no socket. */
  | 'diagnostics-disabled'
  /** There is a runtime and no socket: still starting, path too long, TMPDIR not writable, file removed. */
  | 'socket-missing'
  /** Another user's process. */
  | 'permission-denied'
  /** The socket refused or could not be reached. */
  | 'connection-failed'
  /** The runtime closed the connection before it answered: the process ended, as a rule. */
  | 'connection-closed'
  | 'timeout'
  /** The caller's AbortSignal fired; `cause` is its reason. */
  | 'cancelled'
  /** This runtime does not know the command (UNKNOWN_COMMAND). */
  | 'unknown-command'
  /** Not at this moment: the runtime is still starting, or (startup profiler) no longer suspended. */
  | 'not-available-now'
  /** This kind of runtime does not do it. */
  | 'not-supported'
  | 'invalid-argument'
  /** The runtime answered with another HRESULT; see `hresult` and `runtimeText`. */
  | 'runtime-error'
  /** What came back is not the protocol. */
  | 'protocol-violation'
  /** A trace whose bytes contradict its format. */
  | 'corrupt-trace'
  /** A trace in a format this reader does not read (NetPerf, nettrace 6 and later). */
  | 'unsupported-trace'
  /** The reverse port could not be opened, or is closed. */
  | 'port-failed';

export interface DiagnosticsFailure {
  /** What was tried, on which process or socket: an infinitive, to stand after "cannot". */
  readonly what: string;
  /** What the system or the runtime answered. */
  readonly why: string;
  /** What the user can do; may be empty. */
  readonly cure?: string;
  /** The runtime's HRESULT as an unsigned 32-bit number. */
  readonly hresult?: number;
  /** Text the runtime sent with its error (createdump's own words). */
  readonly runtimeText?: string;
  readonly cause?: unknown;
}

/** Every failure of this package. `message` is "cannot <what>: <why>; <cure>". */
export class DiagnosticsError extends Error {
  override readonly name = 'DiagnosticsError';
  readonly code: DiagnosticsErrorCode;
  readonly what: string;
  readonly why: string;
  readonly cure: string;
  readonly hresult: number | undefined;
  readonly runtimeText: string | undefined;

  constructor(code: DiagnosticsErrorCode, failure: DiagnosticsFailure) {
    const cure = failure.cure ?? '';
    super(
      `cannot ${failure.what}: ${failure.why}${cure === '' ? '' : `; ${cure}`}`,
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.code = code;
    this.what = failure.what;
    this.why = failure.why;
    this.cure = cure;
    this.hresult = failure.hresult;
    this.runtimeText = failure.runtimeText;
  }
}
