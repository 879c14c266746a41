/** Why something could not be done with a target. */
export type TargetErrorCode =
  | 'command-not-found'
  | 'command-not-executable'
  | 'launch-failed'
  | 'no-such-process'
  | 'attach-failed';

interface Explanation {
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly cure: string;
  readonly cause?: unknown;
}

/** Names what was tried, on what, what the system answered and what to do; the message is all four in one sentence. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code: TargetErrorCode;
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly cure: string;

  constructor(code: TargetErrorCode, { what, where, why, cure, cause }: Explanation) {
    super(`cannot ${what}: ${why}; ${cure}`, { cause });
    this.code = code;
    this.what = what;
    this.where = where;
    this.why = why;
    this.cure = cure;
  }
}
