import { relative } from 'node:path';
import type { EndState, TestInfo as SessionTest } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';

/** A test, or one of its suite hooks, as the session knows it. */
export function testFacts(test: TestInfo, hook?: string): SessionTest {
  const attempt = test.retry + 1;
  const id = hook === undefined ? test.testId : `${test.testId} ${hook}`;
  return {
    id: attempt === 1 ? id : `${id}#${attempt}`,
    // Playwright's begins with the file.
    title: hook === undefined ? test.titlePath.slice(1) : [...test.titlePath.slice(1, -1), hook],
    file: relative(test.config.rootDir, test.file),
    line: test.line,
    runner: 'playwright',
    attempt,
    ...(test.project.name === '' ? {} : { project: test.project.name }),
    worker: test.workerIndex,
  };
}

/** As it was expected to end is passed: test.fail(). */
export function endState({ status, expectedStatus }: Pick<TestInfo, 'status' | 'expectedStatus'>): EndState {
  if (status === 'skipped') return 'skipped';
  if (status === expectedStatus) return 'passed';
  return status === 'timedOut' ? 'timed-out' : 'failed';
}
