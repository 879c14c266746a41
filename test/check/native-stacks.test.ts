import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GrowthCheck } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

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

test('pages that a P/Invoke of the C library maps', async () => {
  const { growth } = await check('leak-pages');
  const place = `Shop.Shelves.Keep (NativeMemory.cs:${lineOf('Keep', 'Map(')})`;
  for (const channel of ['mappings', 'privateBytes.other'])
    expect(growth.find((one) => one.channel === channel)?.owner?.[0], channel).toBe(place);
});

test('nothing is changed in the program when it is not wanted', async () => {
  const { growth } = await check('leak-label', '--native-stacks', 'off');
  expect(growth.find(({ channel }) => channel === 'mallocBytes')?.owner).toBeUndefined();
});
