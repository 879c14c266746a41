import type { TestInfo } from '@playwright/test';
import { expect, it } from 'vitest';
import { endState, testFacts } from './test-facts.ts';

const info = {
  ...{ testId: 'f-t', titlePath: ['shop/cart.spec.ts', 'Cart', 'adds'], file: '/x/tests/shop/cart.spec.ts', line: 12 },
  ...{ retry: 0, workerIndex: 3, config: { rootDir: '/x/tests' }, project: { name: 'chromium' } },
} as unknown as TestInfo;

it('a test is told with its suites, file, line, project, worker and attempt', () => {
  expect(testFacts(info)).toEqual({
    ...{ id: 'f-t', title: ['Cart', 'adds'], file: 'shop/cart.spec.ts', line: 12, runner: 'playwright', attempt: 1 },
    ...{ project: 'chromium', worker: 3 },
  });
  expect(testFacts({ ...info, retry: 2 })).toMatchObject({ id: 'f-t#3', attempt: 3 });
  expect(testFacts({ ...info, project: { ...info.project, name: '' } })).not.toHaveProperty('project');
  expect(testFacts(info, 'beforeAll')).toMatchObject({ id: 'f-t beforeAll', title: ['Cart', 'beforeAll'] });
});

it.each([
  ['passed', 'passed', 'passed'],
  ['failed', 'failed', 'passed'],
  ['passed', 'failed', 'failed'],
  ['failed', 'passed', 'failed'],
  ['timedOut', 'passed', 'timed-out'],
  ['interrupted', 'passed', 'failed'],
  ['skipped', 'passed', 'skipped'],
  ['skipped', 'skipped', 'skipped'],
] as const)('%s, expected %s, has ended as %s', (status, expectedStatus, state) =>
  expect(endState({ status, expectedStatus })).toBe(state),
);
