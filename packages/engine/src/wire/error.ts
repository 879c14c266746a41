/** Why the engine could not do something (docs/engine-rpc.md). */
export type EngineErrorCode =
  | 'no-such-process'
  | 'not-dotnet'
  | 'permission-denied'
  | 'already-traced'
  | 'target-gone'
  | 'stop-timeout'
  | 'clone-refused'
  | 'dac-missing'
  | 'dac-failed'
  | 'output-not-writable'
  | 'disk-full'
  | 'corrupt-dump'
  | 'unsupported'
  | 'cancelled'
  | 'deadline-exceeded'
  | 'invalid-argument'
  | 'internal'
  // The client's own:
  | 'engine-missing'
  | 'engine-died';

export interface WireError {
  readonly code: EngineErrorCode;
  /** What was tried, on which process or file. */
  readonly what: string;
  /** What the system answered. */
  readonly why: string;
  /** What the user can do; may be empty. */
  readonly cure: string;
  readonly errno: number;
}

/** A failure of the engine or of the way to it. `message` is "what: why. cure". */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly what: string;
  readonly why: string;
  readonly cure: string;

  constructor(error: Pick<WireError, 'code' | 'what' | 'why'> & { cure?: string }, options?: { cause?: unknown }) {
    const cure = error.cure ?? '';
    super(`${error.what}: ${error.why}${cure === '' ? '' : `. ${cure}`}`, options);
    this.code = error.code;
    this.what = error.what;
    this.why = error.why;
    this.cure = cure;
  }
}

export function isWireError(value: unknown): value is WireError {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as WireError).code === 'string' &&
    typeof (value as WireError).what === 'string' &&
    typeof (value as WireError).why === 'string'
  );
}
