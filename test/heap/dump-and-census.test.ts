import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HeapPathResult } from '@firstchance/model';
import { expect, test } from 'vitest';
import { firstchance, fixture, type Outcome, readCaptures, temporaryFolder } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { Sandbox } from '../support/sandbox.ts';

interface Paths {
  heap: { complete: boolean; why: string; runtime: string };
  paths: { path: string[] }[];
}

interface Types {
  complete: boolean;
  types: { type: string; module: string; instances: number; bytes: number }[];
}

function answerOf<T>({ code, stdout, stderr }: Outcome): T {
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

const byName = ({ types }: Types) =>
  Object.fromEntries(types.map(({ type, module, instances, bytes }) => [`${type} ${module}`, [instances, bytes]]));

test('a dump of a quiet process holds what a census of it counts', async () => {
  using folder = temporaryFolder();
  // Without tiering no thread of the runtime compiles, allocates or ends between dump and census.
  const environment = { DOTNET_TieredCompilation: '0' };
  await using target = await HeapTarget.start({ env: environment }, ['dotnet', fixture('heap')], ['--workers', '0']);
  const pid = String(target.pid);
  const { code } = await firstchance(['dump', pid, '-q', '-x', folder.path]);
  expect(code).toBe(0);
  const dump = path.join(folder.path, 'captures/0001-manual/dump.core.zst');
  const heap = answerOf<Types & { heap: { complete: boolean; objects: number; bytes: number } }>(
    await firstchance(['heap', dump, '--json', '--top', '100000']),
  );
  const census = answerOf<Types & { channels: { instances: number; managedBytes: number } }>(
    await firstchance(['census', pid, '--all', '--json']),
  );
  expect([heap.heap.complete, census.complete]).toEqual([true, true]);
  expect(heap.heap.objects).toBeGreaterThan(100_000);
  expect([heap.heap.objects, heap.heap.bytes]).toEqual([census.channels.instances, census.channels.managedBytes]);
  expect(byName(heap)).toEqual(byName(census));
  // The dump knows its assemblies, and they are still there.
  const source = readFileSync(path.join(path.dirname(fixture('heap')), '../LiveHeap.cs'), 'utf8').split('\n');
  const line = source.findIndex((text) => text.includes('Order MakeOrder(')) + 1;
  const { createdIn } = answerOf<HeapPathResult>(await firstchance(['path', dump, '--type', 'Order', '--json']));
  expect(createdIn).toMatchObject({ places: [{ method: 'LiveHeap.MakeOrder', line }], of: 1, sure: true });
  await target.expectUnharmed();
});

// The debugging library of .NET 10 dies of the references of a thread that is just throwing.
test('in a dump at a throw, what the throwing thread holds is found by its frames', async () => {
  using sandbox = new Sandbox();
  const program = ['dotnet', fixture('throw-loop'), '--rounds', '2'];
  expect((await sandbox.run(['-mh', '-e', '1', '-n', '2'], program)).code).toBe(0);
  const [, second] = readCaptures(sandbox.session);
  const dump = path.join(sandbox.session, second?.dump?.path ?? '');
  const rootsOf = async (type: string) => {
    const { heap, paths } = answerOf<Paths>(await firstchance(['path', dump, '--type', type, '--json']));
    expect(heap).toMatchObject({ complete: false, why: expect.stringContaining('word by word') });
    expect(heap.runtime).toMatch(/^10\./);
    return paths.map(({ path: steps }) => steps);
  };
  expect(await rootsOf('Thrower')).toEqual([['thread 1 stack, Thrower.Kind', 'Thrower']]);
  expect(await rootsOf('OrderException')).toEqual([["thread 1's last exception", 'OrderException']]);
});
