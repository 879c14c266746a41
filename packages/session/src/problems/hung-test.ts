import { humanMs } from '@firstchance/model';
import type { Problem } from './problem.ts';

/** A process was ended since a test of its hung. A test framework cannot be made to go on with the next test in it. */
export function hungTest(tests: readonly string[], where: string, deadlineMs: number): Problem {
  return {
    what: `${tests.length === 1 ? 'a test hung' : `${tests.length} tests hung`}, so the process was ended`,
    where,
    why: `${tests.join(', ')} stood still for ${humanMs(2 * deadlineMs)}; tests of this process that had not run yet are lost`,
    cure: 'give the test a time-out of its own, then the framework itself goes on: [Fact(Timeout = …)], [CancelAfter], [Timeout]; --on-hang wait leaves the process running',
  };
}
