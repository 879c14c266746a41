import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixture, readManifest } from '../support/firstchance.ts';
import { ArtifactServer, digestOf } from './support/artifact-server.ts';
import { Job, runtimeToken } from './support/job.ts';
import { zipEntries } from './support/zip-entries.ts';

let service: ArtifactServer;
beforeAll(async () => {
  service = await ArtifactServer.start();
});
afterAll(async () => await service[Symbol.asyncDispose]());
beforeEach(() => {
  service.artifacts.length = 0;
  service.calls.length = 0;
  service.behaviour = {};
});

const crash = (how: string) => `dotnet ${fixture('crash')} ${how}`;
const newJob = (event?: unknown) => new Job({ service: service.url, event });

describe('mode run', () => {
  test('a program that dies fails the step; its dump and the report are artifacts, the summary tells', async () => {
    using job = newJob();
    const step = await job.main('tests', { run: crash('unhandled'), dump: 'mini' });
    expect(step.code).toBe(1);
    expect(step.outputs).toMatchObject({
      'exit-code': '134',
      captures: '1',
      checks: '0',
      'failed-checks': '0',
      verdict: '',
    });

    const [report, dumps] = [service.named(/-report$/)[0], service.named(/-dumps$/)[0]];
    expect([report?.name, dumps?.name]).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps']);
    expect(step.outputs['artifact-id']).toBe(String(dumps?.id));
    expect(step.outputs['artifact-url']).toBe(`https://github.com/acme/shop/actions/runs/77/artifacts/${dumps?.id}`);
    expect(step.outputs['artifact-digest']).toBe(digestOf(dumps?.zip));
    expect(step.outputs['report-artifact-digest']).toBe(digestOf(report?.zip));
    const days = (Date.parse(dumps?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(5);

    const session = step.outputs.session ?? '';
    const [dump, ...more] = zipEntries(dumps?.zip);
    expect(more).toEqual([]);
    const name = expect.stringMatching(/^captures\/0001-unhandled-.*\/dump\.core\.zst$/);
    expect(dump).toMatchObject({ name, method: 0 });
    expect(dump?.content.equals(readFileSync(path.join(session, dump?.name ?? '')))).toBe(true);
    expect(zipEntries(report?.zip).map((entry) => entry.name)).toEqual(
      expect.arrayContaining(['manifest.jsonl', 'report.html', 'summary.md', 'junit.xml']),
    );
    expect(step.summary).toContain('System.InvalidOperationException');
    expect(step.summary).toContain(`/artifacts/${dumps?.id}`);
    expect(step.outputs.report).toBe(path.join(session, 'report.html'));
    // The exception, and the step that failed.
    expect(step.commands.filter((line) => line.startsWith('::error'))).toHaveLength(2);
    expect(readManifest(session)[0]).toMatchObject({ command: ['dotnet', fixture('crash'), 'unhandled'] });

    const post = await job.post('tests', { run: crash('unhandled') });
    expect(post.code).toBe(0);
    expect(service.artifacts).toHaveLength(2);
    expect(job.leftovers()).toEqual([]);
  });

  test('a command that passes: the report alone is uploaded; with upload never nothing is', async () => {
    using job = newJob();
    const step = await job.main('a', { run: 'echo one\necho two | tr a-z A-Z' });
    expect(step).toMatchObject({ code: 0, outputs: { 'exit-code': '0', captures: '0', 'artifact-id': '' } });
    expect(step.stdout).toContain('one\nTWO\n');
    expect(service.artifacts.map(({ name }) => name)).toEqual(['firstchance-test-1-report']);
    expect(step.commands.filter((line) => /^::(error|warning)/.test(line))).toEqual([]);
    const never = await job.main('b', { run: 'true', upload: 'never' });
    expect(never.code).toBe(0);
    expect(service.artifacts).toHaveLength(1);
  });

  test('a script ends at its first failure, in a pipe too, with its exit code', async () => {
    using job = newJob();
    const step = await job.main('a', { run: 'sh -c "exit 3" | cat\necho not reached', upload: 'never' });
    expect(step.code).toBe(1);
    expect(step.outputs['exit-code']).toBe('3');
    expect(step.stdout).not.toContain('not reached');
    expect(step.stdout).toContain('::error::firstchance: exit code 3');
  });

  test('the command gets the environment of a run step: no token of the job, nothing of the action', async () => {
    using job = newJob();
    const step = await job.main('a', { run: 'env | sort', secrets: 'X', upload: 'never' }, { OWN: 'yes' });
    const names = step.stdout.split('\n').flatMap((line) => /^([A-Za-z_][A-Za-z0-9_-]*)=/.exec(line)?.[1] ?? []);
    expect(names).toEqual(expect.arrayContaining(['OWN', 'GITHUB_WORKSPACE', 'CORECLR_NOTIFICATION_PROFILERS']));
    expect(names.filter((name) => /^(ACTIONS_|INPUT_|STATE_|GITHUB_STATE)/.test(name))).toEqual([]);
    expect(step.stdout).not.toContain(runtimeToken);
  });

  test('dumps beyond max-upload are left out and named', async () => {
    using job = newJob();
    const step = await job.main('a', { run: crash('unhandled'), dump: 'mini', 'max-upload': '10KB' });
    expect(service.artifacts.map(({ name }) => name)).toEqual(['firstchance-test-1-report']);
    expect(step.stdout).toMatch(/::warning .*above max-upload.*dump\.core\.zst \([\d.]+ [kMG]?B\): System\.InvalidOp/);
    expect(step.summary).toContain('max-upload');
  });

  test('a public repository is told loudly that its dumps are for everybody', async () => {
    using job = newJob({ repository: { private: false } });
    const step = await job.main('a', { run: crash('unhandled'), dump: 'mini' });
    expect(step.commands.join('\n')).toMatch(/::warning [^\n]*THIS REPOSITORY IS PUBLIC/);
    expect(step.summary).toContain('THIS REPOSITORY IS PUBLIC');
  });

  test('names are of the job, its matrix and its attempt, whatever these hold', async () => {
    using job = newJob();
    const matrix = JSON.stringify({ os: 'ubuntu-24.04', path: 'a/b\\c:"d"<e>|f*g?\r\n', net: 10, list: [1] });
    await job.main('a', { run: 'true', matrix, 'job-index': '4' }, { GITHUB_RUN_ATTEMPT: '3' });
    await job.main('b', { run: 'true', 'artifact-name': '../shop dumps' });
    await job.main('c', { run: 'true', 'artifact-name': '../shop dumps' });
    expect(service.artifacts.map(({ name }) => name)).toEqual([
      'firstchance-test-ubuntu-24.04-a-b-c-d-e-f-g-10-4-3-report',
      'shop-dumps-1-report',
      'shop-dumps-1-report-2',
    ]);
  });
});

describe('wrong inputs are one sentence, before anything runs', () => {
  test.each([
    [{ run: '' }, /run: give the command to watch/],
    [{ mode: 'arm', run: 'true' }, /run: mode arm takes no command/],
    [{ run: 'true', mode: 'watch' }, /mode: it must be one of run, arm, report, not "watch"/],
    [{ run: 'true', dump: 'huge' }, /dump is "huge"; it must be one of mini, focus, heap, full, none/],
    [{ run: 'true', deadline: 'soon' }, /deadline is "soon"; write a time/],
    [{ run: 'true', 'at-exit': 'maybe' }, /at-exit: write true or false, not "maybe"/],
    [{ run: 'true', budget: '1KB/op' }, /budget: it is for growth checks, which also need op or op-command/],
    [{ mode: 'arm', run: '', deadline: '5s' }, /deadline: mode arm does not take it/],
    [{ run: 'true', upload: 'sometimes' }, /upload: it must be one of never, on-failure, always/],
    [{ run: 'true', 'retention-days': '500' }, /retention-days: write a whole number from 0 to 90/],
    [{ run: 'true', 'max-upload': 'much' }, /max-upload: write a size/],
    [{ run: 'true', 'baseline-cache': 'shop' }, /baseline-cache: it also needs baseline/],
    [{ run: 'true', 'working-directory': 'gone' }, /working-directory: there is no folder .*\/gone/],
    [{ run: 'true', firstchance: 'no/such.js' }, /firstchance: the input firstchance names no file: no\/such\.js/],
    [{ run: 'true', 'encryption-key': 'age1x' }, /encryption-key: it is no public key of age/],
  ])('%o', async (inputs, sentence) => {
    using job = newJob();
    const step = await job.main('a', inputs);
    expect(step.code).toBe(1);
    expect(step.commands.filter((line) => line.startsWith('::error'))).toEqual([expect.stringMatching(sentence)]);
    expect(service.calls).toEqual([]);
  });

  test('a private key instead of the public one is not repeated', async () => {
    using job = newJob();
    const key = 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ';
    const step = await job.main('a', { run: 'true', 'encryption-key': key });
    expect(step.code).toBe(1);
    expect(step.stdout).toContain('encryption-key: it is a private key: give the public one');
    expect(step.stdout + step.stderr).not.toContain(key);
  });
});

describe('a step that does not reach its end', () => {
  const hang = { run: `dotnet ${fixture('hang')} blocked`, dump: 'mini', deadline: '1s' };

  test('main is killed: post ends what it left and reports what there is', async () => {
    using job = newJob();
    const main = job.start('main', 'tests', hang);
    await main.running.until('firstchance 0001');
    main.running.child.kill('SIGKILL');
    // Its state is lost with it; the command it started still runs, with our output.
    await once(main.running.child, 'exit');
    const post = await job.post('tests', hang);
    expect(post.code).toBe(0);
    expect(service.artifacts.map(({ name }) => name)).toEqual([
      'firstchance-test-1-report',
      'firstchance-test-1-dumps',
    ]);
    expect(post.summary).toContain('Hang.Blocked');
    expect(post.summary).toContain('cancelled or killed before its end');
    expect(job.leftovers()).toEqual([]);
  });

  test('main is killed while a command runs that ignores signals: it ends all the same', async () => {
    using job = newJob();
    const run = "trap '' TERM INT; echo it runs; while :; do sleep 1; done";
    const main = job.start('main', 'tests', { run });
    await main.running.until('it runs');
    main.running.child.kill('SIGKILL');
    await once(main.running.child, 'exit');
    const post = await job.post('tests', { run });
    expect(post.code).toBe(0);
    expect(service.artifacts.map(({ name }) => name)).toEqual(['firstchance-test-1-report']);
    expect(job.leftovers()).toEqual([]);
  });

  test('the job is cancelled: main ends at once, post reports', async () => {
    using job = newJob();
    const main = job.start('main', 'tests', hang);
    await main.running.until('firstchance 0001');
    main.running.child.kill('SIGINT');
    const step = await main.result();
    expect(step.code).toBe(1);
    expect(step.stdout).toContain('the job was cancelled');
    expect(service.calls).toEqual([]);
    const post = await job.post('tests', { ...hang, 'job-status': 'cancelled' });
    expect(post.code).toBe(0);
    expect(service.named(/-dumps$/)).toHaveLength(1);
    expect(job.leftovers()).toEqual([]);
  });

  test('two steps of one name, as in a composite action that is used twice, have a session each', async () => {
    using job = newJob();
    const first = await job.main('self', { run: 'echo first; exit 1' });
    const second = await job.main('self', { run: 'echo second; exit 1' });
    expect(second.outputs.session).not.toBe(first.outputs.session);
    expect(second.summary).not.toContain('echo first');
    expect(service.artifacts.map(({ name }) => name)).toEqual([
      'firstchance-test-1-report',
      'firstchance-test-1-report-2',
    ]);
    expect((await job.post('self', { run: 'true' })).summary).toBe('');
  });

  test('main never began: post has nothing to do', async () => {
    using job = newJob();
    const post = await job.post('tests', hang);
    expect(post).toMatchObject({ code: 0, summary: '' });
    expect(post.stdout).toContain('nothing was begun in this step');
  });
});

test('the command of the project comes before that of the action', async () => {
  using job = newJob();
  const script = path.join(job.workspace, 'own.js');
  writeFileSync(script, 'console.log("own", process.argv.slice(2).join(" ")); process.exit(7);');
  const step = await job.main('a', {
    run: 'true',
    firstchance: 'own.js',
    dump: 'mini',
    filter: '*Timeout*\n!x',
    upload: 'never',
  });
  expect(step.stdout).toMatch(/^own run -x \S+ --filter=\*Timeout\* --filter=!x --dump=mini -- true$/m);
  expect(step.stdout).toContain('::error::firstchance: exit code 7: no session began');
  expect(step.summary).toContain('there is no manifest.jsonl');
});
