import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT_CLSID, EngineProcess } from '@firstchance/engine';
import type { GrowthCheck } from '@firstchance/model';
import { withAgent } from '@firstchance/target';
import { checkGrowth } from 'firstchance';
import { expect, test } from 'vitest';
import { fixture, Running, temporaryFolder } from '../support/firstchance.ts';
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

/* The verdict stands by then: whatever happens while allocations are sampled, it is told. */
test.each<[string, (pid: number, stop: AbortController) => void]>([
  ['the check is stopped', (_, stop) => stop.abort(new Error('SIGINT'))],
  ['the program dies', (pid) => process.kill(pid, 'SIGKILL')],
])('%s meanwhile: the verdict stands, and one note says why nobody is named', async (_, happen) => {
  using sandbox = new Sandbox();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const shop = new Running('dotnet', [fixture('growth-web'), '--urls', url], { env: sandbox.env });
  const pid = shop.child.pid ?? 0;
  try {
    await expect
      .poll(
        () =>
          fetch(`${url}/health`).then(
            (answer) => answer.status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
    const stop = new AbortController();
    const { check } = await checkGrowth(pid, `POST ${url}/run?kind=leak-static&n={n}`, {
      ...{ folder: sandbox.path, signal: stop.signal, options: { rounds: 9, surge: 20_000, idle: '100ms' } },
      onProgress: ({ phase }) => {
        if (phase === 'allocations') happen(pid, stop);
      },
    });
    expect(check).toMatchObject({
      verdict: 'LEAK',
      growth: expect.arrayContaining([expect.objectContaining({ type: 'Shop.Session' })]),
    });
    expect(check.notes).toEqual([expect.stringMatching(/^who allocates what grows is not known: /)]);
    expect(check.growth.filter(({ owner }) => owner)).toEqual([]);
  } finally {
    shop.child.kill('SIGKILL');
    await shop.end();
  }
  expect(sandbox.leftovers()).toEqual([]);
});

/** Calls `use` with the heap program, and the engine whose agent is in it. */
async function sampled(
  use: (engine: EngineProcess, target: HeapTarget) => Promise<void>,
  program?: readonly string[],
): Promise<void> {
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
  await use(engine, target);
}

/** The engine's own answer, on every runtime: the events and the stacks are others on each. */
test.each([
  ['.NET 10', ['dotnet', fixture('heap')]],
  ['.NET 9', [path.join(path.dirname(fixture('heap')), 'net9.0/heap')]],
  ['.NET 8', [path.join(path.dirname(fixture('heap')), 'net8.0/heap')]],
])('survivors by the stack that allocated them: %s', async (_, program) => {
  await sampled(async (engine, target) => {
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
  }, program);
});

test('what cannot be sampled is refused, with the reason', async () => {
  await sampled(async (engine, target) => {
    await expect(engine.startSampling(process.pid)).rejects.toMatchObject({
      ...{ code: 'unsupported', why: 'no agent of this engine is in it' },
    });
    await expect(engine.reportSurvivors(target.pid)).rejects.toMatchObject({ code: 'unsupported' });
    await engine.stopSampling(target.pid); // nothing to stop is as wanted
    await target.expectUnharmed();
  });
});

test('a request about a target that dies is answered', async () => {
  await sampled(async (engine, target) => {
    await engine.startSampling(target.pid);
    const gone = expect(engine.reportSurvivors(target.pid)).rejects.toMatchObject({
      code: expect.stringMatching(/^(target-gone|unsupported)$/),
    });
    process.kill(target.pid, 'SIGKILL');
    await gone;
  });
});
