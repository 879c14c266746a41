import { readFile } from 'node:fs/promises';
import { EngineProcess } from '@firstchance/engine';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { HeapTarget } from '../support/heap-target.ts';

const KB = 1024;

/** Private memory of a process, in bytes. */
async function privateBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/Private_Dirty:\s+(\d+)/.exec(rollup)?.[1]) * KB;
}

/* A growth check of a long test run looks hundreds of times: neither the engine nor what it looks at may grow by that. */
test('two hundred censuses leave the engine and the target as they were', { timeout: 600_000 }, async () => {
  const environment = { DOTNET_TieredCompilation: '0' };
  await using target = await HeapTarget.start({ env: environment }, ['dotnet', fixture('heap')], ['--workers', '0']);
  await using engine = await EngineProcess.start();
  const { pid: enginePid } = engine.hello;
  const instances = new Set<number>();
  const [engineBytes, targetBytes]: [number[], number[]] = [[], []];
  for (let round = 1; round <= 200; round++) {
    const census = await engine.census({ pid: target.pid });
    expect(census.complete).toBe(true);
    instances.add(census.reachable.instances);
    if (round % 20 === 0) {
      engineBytes.push(await privateBytes(enginePid));
      targetBytes.push(await privateBytes(target.pid));
    }
  }
  // Not one object more, in 200 looks.
  expect([...instances]).toHaveLength(1);
  for (const bytes of [engineBytes, targetBytes]) {
    expect(Math.max(...bytes) - (bytes[0] ?? 0)).toBeLessThan(512 * KB);
  }
  await target.expectUnharmed();
});
