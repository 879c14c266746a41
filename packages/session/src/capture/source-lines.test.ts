import { expect, it } from 'vitest';
import { addSourceLines } from './source-lines.ts';

it('a pending async method has the line of its await; what is awaited and no method has none', async () => {
  const asked: unknown[] = [];
  const locator = {
    locate: async () => null,
    locateAwait: async (modulePath: string, token: number, state: number) => {
      asked.push([modulePath, token, state]);
      if (state === 9) throw new Error('broken symbols');
      return { file: '/src/Pay.cs', line: 40 + state };
    },
  };
  const node = (method: string, token: number, state: number, awaits: ReturnType<typeof leaf>[] = []) => ({
    ...{ method, module: 'Shop.dll', modulePath: '/app/Shop.dll', token, state, awaits },
  });
  const leaf = (method: string) => ({ ...{ method, module: '', modulePath: '', token: 0, state: 0 }, awaits: [] });
  const task = leaf('System.Threading.Tasks.Task');
  const awaiting = [
    node('Shop.Pay', 0x0600_0004, 2, [task]),
    node('Shop.Pay', 0x0600_0004, 2),
    node('Shop.Ship', 5, 9),
  ];
  const sourced = await addSourceLines({ exception: null, threads: [], awaiting }, locator);
  expect(sourced.awaiting).toEqual([
    { method: 'Shop.Pay', file: '/src/Pay.cs', line: 42, awaits: [{ method: task.method, awaits: [] }] },
    { method: 'Shop.Pay', file: '/src/Pay.cs', line: 42, awaits: [] },
    { method: 'Shop.Ship', awaits: [] },
  ]);
  // Thousands may stand at the same await.
  expect(asked).toHaveLength(2);
});
