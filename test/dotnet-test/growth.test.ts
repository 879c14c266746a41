import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { growthCheckSchema } from '@firstchance/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dotnet, endRecord, temporaryFolder } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { ourLeftovers, records, suite, testStates } from '../support/suite.ts';

/* FirstChance.Testing as a user has it: packed, restored from a feed, called in a test. */

const library = fileURLToPath(new URL('../../dotnet/FirstChance.Testing', import.meta.url));
const env = { UseSharedCompilation: 'false', MSBUILDDISABLENODEREUSE: '1', DOTNET_NOLOGO: '1' };
const quiet = ['-c', 'Release', '--nologo', '-v', 'quiet'];

const evidence = (sandbox: Sandbox, file: string) =>
  growthCheckSchema.parse(JSON.parse(readFileSync(path.join(sandbox.session, file), 'utf8')));

describe('Growth.ExpectNone', () => {
  const work = temporaryFolder();
  const feed = path.join(work.path, 'feed');
  const project = path.join(work.path, 'growth-tests');

  beforeAll(async () => {
    const packed = await dotnet(['pack', library, ...quiet, '-o', feed], { env });
    expect(packed, packed.stdout).toMatchObject({ code: 0 });
    expect(readdirSync(feed)).toEqual(['FirstChance.Testing.0.1.0.nupkg']);
    for (const name of ['growth-tests', 'Directory.Build.props'])
      cpSync(suite(name), path.join(work.path, name), {
        recursive: true,
        filter: (file) => !/\/(bin|obj)$/.test(file),
      });
    const built = await dotnet(
      [
        ...['build', project, ...quiet, `-p:RestoreSources=${feed}`],
        // Ours goes into a folder of its own; the others are there since the fixtures were built.
        `-p:RestorePackagesPath=${path.join(work.path, 'packages')}`,
        `-p:RestoreFallbackFolders=${process.env.NUGET_PACKAGES ?? path.join(homedir(), '.nuget/packages')}`,
      ],
      { env },
    );
    expect(built, built.stdout).toMatchObject({ code: 0 });
  });
  afterAll(() => work[Symbol.dispose]());

  const command = (filter: string) => [
    ...['dotnet', 'test', project, '-c', 'Release', '--no-build', '--filter', `Name=${filter}`],
  ];

  test('a test that leaks fails, and names what grows', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm'], command('Leaks'));
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/LEAK[\s\S]*Suite\.GrowthTests\+Session[\s\S]*evidence: .*checks\/.*\.json/);
    const [check, ...others] = records(sandbox.session, 'check');
    expect([check?.verdict, others]).toEqual(['LEAK', []]);
    expect(outcome.stderr).toMatch(/^1 growth check: 1 LEAK$/m);
    const { seed, rounds } = evidence(sandbox, String(check?.path));
    const surge = rounds.filter(({ phase }) => phase === 'surge').reduce((sum, { dose }) => sum + dose, 0);
    expect(seed).toBe(7);
    expect(surge).toBeGreaterThanOrEqual(3_000);
    expect(testStates(sandbox.session)).toEqual({ 'Suite.GrowthTests.Leaks': ['failed'] });
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 1, verdict: 'LEAK', checks: 1 });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('a test that does not leak passes', async () => {
    using sandbox = new Sandbox();
    const outcome = await sandbox.run(['-mm'], command('Steady'));
    expect(outcome.stdout).toMatch(/Passed: +1/);
    expect(records(sandbox.session, 'check')).toMatchObject([{ verdict: 'PASS' }]);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, verdict: 'PASS' });
  });

  test('without a session it is skipped, and says why', async () => {
    const [, ...args] = command('Leaks');
    const outcome = await dotnet([...args, '--logger', 'console;verbosity=normal'], {
      env: { ...env, FIRSTCHANCE_SESSION: '' },
    });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/Skipped Leaks/);
    expect(outcome.stdout).toContain('not checked for growth: FIRSTCHANCE_SESSION is not set');
  });
});
