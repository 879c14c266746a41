import { FirstchanceError } from '@firstchance/model';

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
export class EngineError extends FirstchanceError {
  override readonly name = 'EngineError';
  declare readonly code: EngineErrorCode;

  constructor(error: Pick<WireError, 'code' | 'what' | 'why'> & { cure?: string }, options?: { cause?: unknown }) {
    super(error, options);
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
