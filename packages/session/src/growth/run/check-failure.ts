import { type Explanation, FirstchanceError } from '@firstchance/model';
import { toProblem } from '../../problems/problem.ts';

export type CheckFailureCode =
  | 'operation-failed'
  | 'target-ended'
  | 'census-failed'
  | 'collect-failed'
  | 'no-engine'
  | 'not-ready'
  | 'busy'
  | 'cancelled';

/** Why a check could not be done: its verdict is INFRASTRUCTURE_ERROR, never a pass. */
export class CheckFailure extends FirstchanceError {
  override readonly name = 'CheckFailure';
  declare readonly code: CheckFailureCode;

  constructor(
    code: CheckFailureCode,
    explanation: Pick<Explanation, 'what' | 'why'> & { cure?: string },
    options?: { cause?: unknown },
  ) {
    super({ code, ...explanation }, options);
  }

  /** What went wrong below, told as a part of the check. */
  static of(code: CheckFailureCode, what: string, error: unknown): CheckFailure {
    if (error instanceof CheckFailure) return error;
    const { why, cure } = toProblem(what, '', error);
    return new CheckFailure(code, { what, why, cure }, { cause: error });
  }
}
