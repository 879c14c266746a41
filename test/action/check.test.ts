import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Baseline } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { inMatrix } from '../support/scope.ts';
import { ArtifactServer } from './support/artifact-server.ts';
import { Job } from './support/job.ts';
import { zipEntries } from './support/zip-entries.ts';

const kept = { ACTIONS_CACHE_SERVICE_V2: 'true' };
const inputs = async (more: Record<string, string> = {}) => ({
  run: `dotnet ${fixture('growth-web')} --urls http://127.0.0.1:${await freePort()}`,
  ...{ op: 'POST /run?kind=leak-static&n={n}', ...more },
});

test('a growth check fails the step, names the leak, and its heaps are uploaded', async () => {
  await using service = await ArtifactServer.start();
  using job = new Job({ service: service.url });
  const step = await job.main('check', await inputs());
  expect(step).toMatchObject({ code: 1, outputs: { verdict: 'LEAK', 'exit-code': '90', 'failed-checks': '1' } });
  const errors = step.commands.filter((line) => line.startsWith('::error'));
  expect(errors).toEqual([
    expect.stringMatching(/^::error title=LEAK%3A .*Shop\.Session/),
    expect.stringContaining('::error::firstchance: exit code 90'),
  ]);
  expect(step.summary).toContain('Shop.Session');
  const [heaps] = service.named(/-dumps$/);
  expect(zipEntries(heaps?.zip).filter(({ name }) => name.endsWith('.fch'))).toHaveLength(2);
  expect(job.leftovers()).toEqual([]);
});

test.runIf(inMatrix)('with the baseline from the cache only what is new fails', async () => {
  await using service = await ArtifactServer.start();
  const baseline = { baseline: 'leaks.json', 'baseline-cache': 'shop' };
  using first = new Job({ service: service.url, env: kept });
  const written = await first.main('check', await inputs({ ...baseline, 'write-baseline': 'true' }));
  expect(written).toMatchObject({ code: 0, outputs: { verdict: 'PASS', checks: '1', 'failed-checks': '0' } });
  expect(written.stdout).toContain('there is no baseline in the cache yet');
  expect(written.stdout).toContain('baseline kept in the cache: firstchance-baseline-shop-77-1-check');
  const file = path.join(first.workspace, 'leaks.json');
  expect(JSON.stringify(JSON.parse(readFileSync(file, 'utf8')) as Baseline)).toContain('Shop.Session');
  rmSync(file);

  // The cache gives a file back to the path it came from, which a runner has the same in each job.
  using second = new Job({ service: service.url, env: { ...kept, GITHUB_RUN_ID: '78' }, workspace: first.workspace });
  const step = await second.main('check', await inputs(baseline));
  expect(step.stdout).toContain('baseline from the cache: firstchance-baseline-shop-77-1-check');
  expect(step).toMatchObject({ code: 0, outputs: { verdict: 'PASS' } });
});
