import type { TestReports } from '@firstchance/protocol';
import { expect, it } from 'vitest';
import { SuiteHooks } from './suite-hooks.ts';
import type { Suite, Task } from './tasks.ts';

/** A file with these tests, all hooks of which are said to have a limit of 1 s. Vitest does not name it as their suite. */
function fileOf(...names: string[]) {
  const suite = { id: 's', name: 'a.test.ts', type: 'suite', filepath: '/a.test.ts', meta: {}, tasks: [] as Task[] };
  Object.assign(suite, { file: suite });
  suite.tasks.push(...names.map((id) => ({ id, name: id, type: 'test', file: suite, meta: {} }) as unknown as Task));
  const told: string[] = [];
  const reports = {
    begin: async ({ title }: { title: string[] }, limit: number | null) => told.push(`${title.at(-1)} ${limit}`),
    late: async (id: string, reason: string) => told.push(`${id} late: ${reason}`),
    end: async (id: string, state: string) => told.push(`${id} ${state}`),
  } as unknown as TestReports;
  const one = () => undefined;
  const hooks = new SuiteHooks(reports, 1000, () => ({ beforeAll: [one], afterAll: [one, one] }));
  return { suite: suite as unknown as Suite, tasks: suite.tasks, hooks, told };
}

it('afterAll begins when all of the suite have ended, whichever is the last and whether it ran', async () => {
  const { suite, tasks, hooks, told } = fileOf('a', 'b', 'skipped');
  await hooks.suiteBegins(suite);
  await hooks.testBegins();
  // Run at once, or in another order.
  for (const index of [2, 1]) await hooks.taskEnded(tasks[index] as Task);
  expect(told).toEqual(['beforeAll 1000', 's beforeAll passed']);
  await hooks.taskEnded(tasks[0] as Task);
  await hooks.suiteEnds(suite);
  expect(told.slice(2)).toEqual(['afterAll 2000', 's afterAll passed']);
});

it('a hook of which the runner says that it took too long is captured if it was not', async () => {
  const { suite, tasks, hooks, told } = fileOf('a');
  await hooks.suiteBegins(suite);
  await hooks.testBegins();
  await hooks.taskEnded(tasks[0] as Task);
  Object.assign(suite, { result: { state: 'fail', errors: [{ message: 'Hook timed out in 500ms.' }] } });
  await hooks.suiteEnds(suite);
  expect(told.slice(3)).toEqual(['s afterAll late: afterAll: Hook timed out in 500ms', 's afterAll timed-out']);
});

it('a hook with a limit of its own has that one, and after its end none', async () => {
  const { suite, tasks, hooks, told } = fileOf('a');
  await hooks.suiteBegins(suite);
  await hooks.testBegins();
  await hooks.functionBegins(5000);
  await hooks.taskEnded(tasks[0] as Task);
  await hooks.functionBegins(300);
  await hooks.suiteEnds(suite);
  await hooks.functionBegins(5000);
  expect(told.slice(2)).toEqual(['afterAll 2000', 'afterAll 300', 's afterAll passed']);
});
