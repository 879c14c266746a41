import type { TestReference } from '@firstchance/model';
import type { TestResult } from './test-result.ts';

/** What a capture is about, as far as it tells cases of a test apart. */
export interface CaptureMoment {
  /** Unix time in ms at which we were asked about it: the process went on before that. */
  readonly at: number;
  /** Text of its exception. */
  readonly message: string | null;
}

/** The longest time between a throw and our being asked: the agent waits for 2 s, the answer is under way for a while. */
const DELAY_MS = 3_000;

/**
 * The result of a test that is known by its method only. Of a parametrised one it is the case that ran at that moment, or of
 * several that may have run the one that failed with what was thrown; else their common outcome, if they have one.
 */
export function resultOf(
  test: TestReference,
  { at, message }: CaptureMoment,
  results: readonly TestResult[],
): { test: TestReference; outcome: TestResult['outcome'] } | undefined {
  const cases = results.filter(({ method, runner }) => method === test.id && runner === test.runner);
  const near = cases.filter(({ startedAt, endedAt }) => (startedAt ?? 0) <= at && (endedAt ?? at) >= at - DELAY_MS);
  const failedWith = near.filter(
    (one) => one.outcome === 'failed' && message !== null && one.message.includes(message),
  );
  for (const one of [cases, near, failedWith]) {
    const [only, ...others] = one;
    if (only && others.length === 0)
      return { test: { ...test, id: only.name, title: [only.name] }, outcome: only.outcome };
  }
  const possible = near.length > 0 ? near : cases;
  const [first] = possible;
  if (first === undefined || possible.some(({ outcome }) => outcome !== first.outcome)) return undefined;
  return { test, outcome: first.outcome };
}
