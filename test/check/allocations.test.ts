import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT_CLSID, EngineProcess } from '@firstchance/engine';
import type { GrowthCheck } from '@firstchance/model';
import { withAgent } from '@firstchance/target';
import { expect, test } from 'vitest';
import { fixture, temporaryFolder } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { HeapTarget } from '../support/heap-target.ts';
import { Sandbox } from '../support/sandbox.ts';

const sources = (file: string) => fileURLToPath(new URL(`../../fixtures/growth-web/${file}`, import.meta.url));

test('of three places that make what grows the one that keeps it is named, with file and line', async () => {
  using sandbox = new Sandbox();
  const shop = ['dotnet', fixture('growth-web'), '--urls', `http://127.0.0.1:${await freePort()}`];
  const operation = 'POST /run?kind=leak-one-of-three&n={n}';
  const args = ['check', '--json', '--op', operation, '--idle', '1s', '-x', sandbox.session, '--', ...shop];
  const { code, stdout, stderr } = await sandbox.firstchance(args);
  const { growth, notes = [] } = JSON.parse(stdout) as GrowthCheck;
  expect(stderr).toContain('LEAK: Shop.Order +1.00 per operation');
  expect(code).toBe(90);
  const line = readFileSync(sources('Orders.cs'), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes('s_open[s_open.Count] = new Order()'));
  expect(growth.find(({ type }) => type === 'Shop.Order')?.owner?.[0]).toBe(
    `Shop.Orders.Accept (Orders.cs:${line + 1})`,
  );
  expect(stderr).toContain(`allocated by Shop.Orders.Accept (Orders.cs:${line + 1})`);
  expect(notes).toEqual([]);
  expect(sandbox.leftovers()).toEqual([]);
});

/** The engine's own answer, on every runtime: the events and the stacks are others on each. */
test.each([
  ['.NET 10', ['dotnet', fixture('heap')]],
  ['.NET 9', [path.join(path.dirname(fixture('heap')), 'net9.0/heap')]],
  ['.NET 8', [path.join(path.dirname(fixture('heap')), 'net8.0/heap')]],
])('survivors by the stack that allocated them: %s', async (_, program) => {
  using folder = temporaryFolder();
  await using engine = await EngineProcess.start();
  const quiet = { firstChance: false, unhandled: false, exit: false, log: false, tests: false };
  const none = { include: [], exclude: [], decline: [], perPlace: 0, perType: 0, perTest: 0, perSession: 0 };
  await engine.arm({
    ...{ controlPath: path.join(folder.path, '.agent'), socketPath: path.join(folder.path, 'agents') },
    filter: { ...quiet, ...none, timeoutMs: 1_000, maxFrozen: 1 },
  });
  const agent = { clsid: AGENT_CLSID, path: engine.hello.agentPath };
  const env = { ...withAgent({}, agent), FIRSTCHANCE_SESSION: folder.path };
  await using target = await HeapTarget.start({ env }, program, ['--workers', '2']);
  await engine.startSampling(target.pid);
  await expect(engine.startSampling(target.pid)).rejects.toMatchObject({ code: 'unsupported' });
  expect(await target.ask('keep')).toMatchObject({ kept: 100_000 });
  const { sites, samples, survivors, full, complete } = await engine.reportSurvivors(target.pid);
  expect({ full, complete }).toEqual({ full: false, complete: true });
  expect(survivors).toBeLessThan(samples);
  const receipts = sites.filter(({ type }) => type === 'Receipt' || type === 'System.Int64[]');
  const kept = receipts.filter(({ frames }) => frames.some(({ method }) => method === 'Keeper.Keep'));
  // 15 MB are kept of 45: one sample stands for 100 KB.
  expect(kept.reduce((sum, site) => sum + site.samples, 0)).toBeGreaterThan(50);
  const others = receipts.filter(({ frames }) => frames.some(({ method }) => /^Keeper\.(Show|Print)$/.test(method)));
  expect(others).toEqual([]);
  const bytes = kept.reduce((sum, site) => sum + site.bytes, 0);
  expect(bytes).toBeGreaterThan(7e6);
  expect(bytes).toBeLessThan(30e6);
  await target.expectUnharmed();
});
