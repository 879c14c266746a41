import { type Explanation, FirstchanceError } from '@firstchance/model';

/** Why something could not be done with a target. */
export type TargetErrorCode = 'command-not-found' | 'command-not-executable' | 'launch-failed';

/** A command could not be started: what was tried, what the system answered, what to do. */
export class TargetError extends FirstchanceError {
  override readonly name = 'TargetError';
  declare readonly code: TargetErrorCode;

  constructor(code: TargetErrorCode, explanation: Omit<Explanation, 'code'> & { cause?: unknown }) {
    const { what, why, cure, cause } = explanation;
    super({ code, what, why, cure }, { cause });
  }
}
