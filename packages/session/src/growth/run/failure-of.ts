import { errorText } from '@firstchance/model';
import { CheckFailure } from './check-failure.ts';

/** What failed while `what` was done. An abort's reason comes before what it made fail. */
export function failureOf(what: string, error: unknown, signal: AbortSignal): CheckFailure {
  if (!signal.aborted) return CheckFailure.of('census-failed', what, error);
  if (signal.reason instanceof CheckFailure) return signal.reason;
  const why = errorText(signal.reason);
  return new CheckFailure('cancelled', { what, why: `it was cancelled: ${why}` });
}
