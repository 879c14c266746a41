import path from 'node:path';
import { heapResultSchema } from '@firstchance/model';
import { expect, test } from 'vitest';
import { firstchance, fixture, temporaryFolder } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';

test('the heap file of a census says who holds native memory', async () => {
  using folder = temporaryFolder();
  await using target = await HeapTarget.start({}, ['dotnet', fixture('heap')], ['--workers', '0']);
  const file = path.join(folder.path, 'heap.fch');
  const taken = await firstchance(['census', String(target.pid), '--graph', file]);
  expect(taken.code).toBe(0);
  // Not "dotnet", as the kernel calls it.
  expect(taken.stdout).toMatch(/^heap \(pid \d+\)/);
  const { stdout } = await firstchance(['heap', file]);
  expect(stdout).toMatch(/^who holds native memory \([\d.]+ MB; no managed object leads to [\d.]+ [kM]B\)$/m);
  // Each managed thread knows the runtime's own thread.
  expect(stdout).toMatch(/System\.Threading\.Thread$/m);
  const json = await firstchance(['heap', '--json', '--top', '1000', file]);
  const { native } = heapResultSchema.parse(JSON.parse(json.stdout));
  expect(native?.why).toBe('');
  const threads = native?.owners.find(({ type }) => type === 'System.Threading.Thread');
  expect(threads?.objects).toBeGreaterThan(1);
  expect(threads?.sureBytes).toBeGreaterThan(0);
  expect(native?.bytes).toBeGreaterThan(native?.unheldBytes ?? 0);
  await target.expectUnharmed();
});
