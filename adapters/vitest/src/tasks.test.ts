import { expect, it } from 'vitest';
import { attemptId, endState, type Task, testInfo, timeoutOf } from './tasks.ts';

const file = { id: 'f', name: 'test/a.test.ts', type: 'suite', filepath: '/x/test/a.test.ts', meta: {} };
const suite = { id: 's', name: 'Cart', type: 'suite', suite: file, file, meta: {} } as unknown as Task;
const task = (result?: Task['result']): Task =>
  ({ id: 't', name: 'adds', type: 'test', suite, file, location: { line: 4 }, result, meta: {} }) as unknown as Task;

it('a test is told with its suites, its file as Vitest shows it, and its line', () => {
  const { worker, ...told } = testInfo(task(), 1);
  expect(worker).toBe(Number(process.env.VITEST_POOL_ID) - 1);
  expect(told).toEqual({
    ...{ id: 't', title: ['Cart', 'adds'], file: 'test/a.test.ts', line: 4, runner: 'vitest', attempt: 1 },
  });
  const inProject = { ...task(), file: { ...file, projectName: 'node' } } as unknown as Task;
  expect(testInfo(inProject, 1)).toMatchObject({ title: ['Cart', 'adds'], project: 'node' });
  expect(testInfo(task(), 2)).toMatchObject({ id: 't#2', attempt: 2 });
  expect(testInfo(suite, 1, 'beforeAll')).toMatchObject({
    id: 's beforeAll',
    title: ['Cart', 'beforeAll'],
    line: null,
  });
  expect(attemptId('t', 3)).toBe('t#3');
});

it.each([
  [{ state: 'pass' }, 'passed'],
  [{ state: 'skip' }, 'skipped'],
  [{ state: 'fail', errors: [{ message: 'expected 1 to be 2' }] }, 'failed'],
  [{ state: 'fail', errors: [{ message: 'the page timed out in 5ms' }] }, 'failed'],
  [{ state: 'fail', errors: [{ message: 'Test timed out in 2000ms.\nIf this is' }] }, 'timed-out'],
  [{ state: 'fail', errors: [{ message: 'x' }, { message: 'Hook timed out in 10ms.' }] }, 'timed-out'],
  [undefined, 'failed'],
])('%j has ended as %s', (result, state) => expect(endState(task(result))).toBe(state));

it("the reason is in the runner's own words", () => {
  const errors = [{}, { message: 'Hook timed out in 10ms.\nIf this is' }];
  expect(timeoutOf(task({ state: 'fail', errors }))).toBe('Hook timed out in 10ms');
});
