import type { Problem } from './problem.ts';

/** Deadlines of tests were asked for, and nothing ran that tells of its tests. */
export const NO_TEST_TOLD: Problem = {
  what: '--per-test-deadline had no effect',
  where: '',
  why: 'no test was seen: none told when it started (xunit), and none stood on a stack (NUnit, MSTest)',
  cure: 'use --deadline, which watches the whole command',
};
