import { humanMs } from '@firstchance/model';
import type { Problem } from './problem.ts';

/** A process that has tests stood for long without running one. It may be right: some fixtures take their time. */
export function noTestRan(where: string, forMs: number, captures: readonly string[]): Problem {
  const seen = captures.length > 0 ? `: ${captures.join(', ')} has the place` : '';
  return {
    what: `no test has run for ${humanMs(forMs)}`,
    where,
    why: `a constructor, a fixture, a set-up or a tear-down may hang${seen}; the process was left running`,
    cure: 'give set-ups that need longer a longer --per-test-deadline',
  };
}
