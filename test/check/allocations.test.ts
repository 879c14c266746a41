import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GrowthCheck } from '@firstchance/model';
import { checkGrowth } from 'firstchance';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { GrowthWeb } from '../support/growth-web.ts';
import { HEAP_PROGRAMS, sampled } from '../support/sampled-target.ts';
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
  {
    await using shop = await GrowthWeb.start(sandbox.env);
    const { pid, url } = shop;
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
  }
  expect(sandbox.leftovers()).toEqual([]);
});

/** The engine's own answer, on every runtime: the events and the stacks are others on each. */
test.each(HEAP_PROGRAMS)('survivors by the stack that allocated them: %s', async (_, program) => {
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
