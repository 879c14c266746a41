import type { Problem } from './problem.ts';

/** Deadlines of tests were asked for, and nothing ran that tells of its tests. */
export const NO_TEST_TOLD: Problem = {
  what: '--per-test-deadline had no effect',
  where: '',
  why: 'no test told when it started; xunit v2 and v3 do, NUnit and MSTest do not',
  cure: 'use --deadline, which watches the whole command',
};
