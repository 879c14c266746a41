import type { TestReference } from '@firstchance/model';
import type { TestResult } from './test-result.ts';

/**
 * The result of a test that is known by its method only. Of a parametrised one it is the case that ran at that moment; when
 * several may have run, their common outcome, if they have one.
 * @param at unix time in ms
 */
export function resultOf(
  test: TestReference,
  at: number,
  results: readonly TestResult[],
): { test: TestReference; outcome: TestResult['outcome'] } | undefined {
  const cases = results.filter(({ method, runner }) => method === test.id && runner === test.runner);
  const running = cases.filter(
    ({ startedAt, endedAt }) => startedAt !== null && endedAt !== null && startedAt <= at && at <= endedAt,
  );
  const [only] = cases.length === 1 ? cases : running;
  if (only && (cases.length === 1 || running.length === 1)) {
    return { test: { ...test, id: only.name, title: [only.name] }, outcome: only.outcome };
  }
  const [first] = cases;
  if (first === undefined || cases.some(({ outcome }) => outcome !== first.outcome)) return undefined;
  return { test, outcome: first.outcome };
}
