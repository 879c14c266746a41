import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GrowthCheck } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { HEAP_PROGRAMS, sampled } from '../support/sampled-target.ts';
import { Sandbox } from '../support/sandbox.ts';
import { inMatrix } from '../support/scope.ts';

const SOURCE = fileURLToPath(new URL('../../fixtures/growth-web/NativeMemory.cs', import.meta.url));

/** Of the method's call that takes the memory, from 1. */
function lineOf(method: string, call: string): number {
  const lines = readFileSync(SOURCE, 'utf8').split('\n');
  const begin = lines.findIndex((line) => line.includes(`static nint ${method}()`));
  return lines.findIndex((line, index) => index >= begin && line.includes(call)) + 1;
}

async function check(kind: string, ...more: string[]) {
  using sandbox = new Sandbox();
  const shop = ['dotnet', fixture('growth-web'), '--urls', `http://127.0.0.1:${await freePort()}`];
  const operation = `POST /run?kind=${kind}&n={n}`;
  const args = ['check', '--json', '--op', operation, '--idle', '1s', ...more, '-x', sandbox.session, '--', ...shop];
  const { code, stdout, stderr } = await sandbox.firstchance(args);
  expect(code, stderr).toBe(90);
  expect(sandbox.leftovers()).toEqual([]);
  return { ...(JSON.parse(stdout) as GrowthCheck), stderr };
}

test('of three methods that take native memory the one that keeps it is named, with file and line', async () => {
  const { growth, notes = [], stderr } = await check('leak-label');
  const malloc = growth.find(({ channel }) => channel === 'mallocBytes');
  const place = `Shop.Labels.Cut (NativeMemory.cs:${lineOf('Cut', 'AllocHGlobal')})`;
  expect(malloc?.owner?.[0]).toBe(place);
  expect(malloc?.owner?.[1]).toMatch(/^Shop\.Labels\.Print /);
  expect(malloc?.ownerShare).toBeGreaterThan(0.8);
  expect(stderr).toContain(`allocated by ${place}`);
  expect(notes).toEqual([]);
});

test.runIf(inMatrix)('pages that a P/Invoke of the C library maps', async () => {
  const { growth } = await check('leak-pages');
  const place = `Shop.Shelves.Keep (NativeMemory.cs:${lineOf('Keep', 'Map(')})`;
  for (const channel of ['mappings', 'privateBytes.other'])
    expect(growth.find((one) => one.channel === channel)?.owner?.[0], channel).toBe(place);
});

test('descriptors that are left open', async () => {
  const { growth } = await check('leak-fd');
  expect(growth.find(({ channel }) => channel === 'fileDescriptors')?.owner?.[0]).toMatch(
    /^Shop\.NativeLeak\.OpenDescriptor \(Kinds\.cs:\d+\)$/,
  );
});

test('nothing is changed in the program when it is not wanted', async () => {
  const { growth } = await check('leak-label', '--native-stacks', 'off');
  expect(growth.find(({ channel }) => channel === 'mallocBytes')?.owner).toBeUndefined();
});

/** The engine's own answer, on every runtime: where the runtime keeps its frames differs. */
test.each(HEAP_PROGRAMS)('blocks that live by the stack that took them, every one: %s', async (_, program) => {
  await sampled(async (engine, target) => {
    await engine.startNativeSampling(target.pid, { periodBytes: 1 });
    await expect(engine.startNativeSampling(target.pid)).rejects.toMatchObject({ code: 'unsupported' });
    expect(await target.ask('native')).toMatchObject({ native: 2_000 });
    const { nativeSites, full, complete } = await engine.reportNative(target.pid);
    expect({ full, complete }).toEqual({ full: false, complete: true });
    const by = (method: string) => {
      const sites = nativeSites.filter(({ frames }) =>
        frames.some((frame) => frame.method === `NativeKeeper.${method}`),
      );
      return { sites, count: sites.reduce((sum, { count }) => sum + count, 0) };
    };
    expect(by('Borrow').count).toBe(0);
    // The runtime allocates for the first call.
    for (const method of ['Allocate', 'Resolve']) {
      expect(by(method).count, method).toBeGreaterThanOrEqual(2_000);
      expect(by(method).count, method).toBeLessThan(2_050);
    }
    const stack = (method: string) => {
      const most = by(method).sites.sort((a, b) => b.count - a.count)[0];
      return most?.frames.map((frame) => frame.method) ?? [];
    };
    expect(stack('Resolve')).toEqual(expect.arrayContaining(['NativeKeeper.Resolve', 'NativeKeeper.Work']));
    expect(stack('Allocate')).toEqual(expect.arrayContaining(['NativeKeeper.Allocate', 'NativeKeeper.Work']));
    await expect(engine.reportNative(target.pid)).rejects.toMatchObject({ code: 'unsupported' });
    await target.expectUnharmed();
  }, program);
});

test('a program that dies meanwhile is told', async () => {
  await sampled(async (engine, target) => {
    await engine.startNativeSampling(target.pid);
    process.kill(target.pid, 'SIGKILL');
    // Gone already, or while it answers.
    await expect(engine.reportNative(target.pid)).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:target-gone|unsupported)$/),
    });
  });
});
