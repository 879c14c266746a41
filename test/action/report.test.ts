import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOSTILE } from '../../packages/report/src/testing/hostile.ts';
import { fixture, readManifest } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';
import { ArtifactServer } from './support/artifact-server.ts';
import { Job } from './support/job.ts';
import { capture, frame, testRecord, writeSession } from './support/session.ts';
import { zipEntries } from './support/zip-entries.ts';

let service: ArtifactServer;
beforeAll(async () => {
  service = await ArtifactServer.start();
});
afterAll(async () => await service[Symbol.asyncDispose]());
beforeEach(() => {
  service.artifacts.length = 0;
  service.calls.length = 0;
});

const newJob = (env: NodeJS.ProcessEnv = {}) => new Job({ service: service.url, env });
const local = { mode: 'report', artifacts: '' };

describe('mode arm', () => {
  test('.NET processes of later steps are watched, tools are not; post ends the session and reports', async () => {
    using job = newJob();
    mkdirSync(path.join(job.workspace, 'src'));
    const inputs = { mode: 'arm', dump: 'mini', 'working-directory': 'src' };
    const arm = await job.main('arm', inputs);
    expect(arm.code).toBe(0);
    expect(Object.keys(job.exported)).toEqual(
      expect.arrayContaining([
        'FIRSTCHANCE_SESSION',
        'CORECLR_ENABLE_NOTIFICATION_PROFILERS',
        'CORECLR_NOTIFICATION_PROFILERS',
      ]),
    );
    expect(JSON.stringify(job.exported)).not.toContain('ACTIONS_');
    expect((await job.shell(['dotnet', '--version'])).code).toBe(0);
    expect((await job.shell(['dotnet', fixture('crash'), 'unhandled'])).signal).toBe('SIGABRT');
    // As steps do that clean up.
    rmSync(path.join(job.workspace, 'src'), { recursive: true });
    const post = await job.post('arm', { ...inputs, 'job-status': 'failure' });
    expect(post.code).toBe(0);
    const session = arm.outputs.session ?? '';
    const targets = readManifest(session).filter((line) => line.record === 'target');
    expect([...new Set(targets.map((line) => line.name))]).toEqual(['crash']);
    expect(readManifest(session).at(-1)).toMatchObject({ record: 'end', reason: 'the job has ended' });
    expect(service.artifacts.map(({ name }) => name)).toEqual([
      'firstchance-test-1-report',
      'firstchance-test-1-dumps',
    ]);
    expect(post.summary).toContain('nobody catches this');
    expect(job.leftovers()).toEqual([]);
  });

  test('a step with mode report ends the session and has the outputs; post then does nothing more', async () => {
    using job = newJob();
    await job.main('arm', { mode: 'arm', dump: 'mini' });
    await job.shell(['dotnet', fixture('crash'), 'unhandled']);
    const report = await job.main('report', { mode: 'report' });
    expect(report.outputs).toMatchObject({ captures: '1', 'artifact-id': String(service.named(/-dumps$/)[0]?.id) });
    expect(job.leftovers()).toEqual([]);
    await job.post('report', { mode: 'report' });
    const post = await job.post('arm', { mode: 'arm' });
    expect(post).toMatchObject({ code: 0, summary: '' });
    expect(service.artifacts).toHaveLength(2);
  });

  test('a session that cannot begin fails the step and says why', async () => {
    using job = newJob();
    writeFileSync(path.join(job.workspace, 'firstchance.config.json'), '{"dunp":"mini"}');
    const arm = await job.main('arm', { mode: 'arm' });
    expect(arm.code).toBe(1);
    expect(arm.stdout).toMatch(/::error::firstchance: Starting the session: .*unknown key "dunp"; did you mean "dump"/);
    expect(job.exported).toEqual({});
  });
});

describe('mode report', () => {
  test('sharded jobs: one report of all, of a re-run job only its last attempt', async () => {
    const shard = async (matrix: number, attempt: string) => {
      using job = newJob({ GITHUB_RUN_ATTEMPT: attempt });
      const run = `echo shard ${matrix} attempt ${attempt}; exit ${matrix}`;
      await job.main('tests', { run, matrix: `{"shard":${matrix}}`, 'job-index': String(matrix) });
    };
    await shard(0, '1');
    await shard(3, '1');
    await shard(3, '2');
    expect(service.artifacts).toHaveLength(3);

    using job = newJob({ GITHUB_JOB: 'report', GITHUB_RUN_ATTEMPT: '2' });
    const step = await job.main('report', { mode: 'report' });
    expect(step.code).toBe(0);
    expect(step.outputs).toMatchObject({ 'exit-code': '3', captures: '0', problems: '0' });
    const commands = readManifest(step.outputs.session ?? '').flatMap((line) =>
      line.record === 'session' ? [String(line.command)] : [],
    );
    expect(commands.map((text) => /shard \d attempt \d/.exec(text)?.[0]).sort()).toEqual([
      'shard 0 attempt 1',
      'shard 3 attempt 2',
    ]);
    const [merged] = service.named(/^firstchance-report-2-merged$/);
    expect(zipEntries(merged?.zip).map(({ name }) => name)).toContain('report.html');
    expect(step.summary).toContain('shard 0');

    using again = newJob({ GITHUB_JOB: 'report', GITHUB_RUN_ATTEMPT: '3' });
    const rerun = await again.main('report', { mode: 'report' });
    expect(rerun.outputs).toMatchObject({ 'exit-code': '3', problems: '0' });
    expect(rerun.stdout).not.toContain('is there already');
    expect(service.named(/^firstchance-report-3-merged$/)).toHaveLength(1);
  });

  test('dumps come in the order of their worth: failed tests first, the newest first', async () => {
    using job = newJob();
    const [begin, end] = frame('s', 1);
    const failed = testRecord('s', 'a', 'failed');
    writeSession(
      path.join(job.workspace, '.firstchance/s'),
      [
        begin,
        failed,
        capture('s', { id: '0001-x', minute: 9 }),
        capture('s', { id: '0002-x', minute: 5, kind: 'unhandled' }),
        capture('s', { id: '0003-x', minute: 1, test: failed }),
        capture('s', { id: '0004-x', minute: 2, test: failed }),
        end,
      ],
      Buffer.alloc(1000),
    );
    const step = await job.main('report', { ...local, 'max-upload': '3KB' });
    const [dumps] = service.named(/-dumps$/);
    expect(zipEntries(dumps?.zip).map(({ name }) => name.split('/')[1])).toEqual(['0004-x', '0003-x', '0002-x']);
    expect(step.stdout).toMatch(/not uploaded, above max-upload.*captures\/0001-x\/dump\.core \(1\.0 kB\)/i);
  });

  test('no session: one clear sentence, and the step fails', async () => {
    using job = newJob();
    const step = await job.main('report', { mode: 'report' });
    expect(step.code).toBe(1);
    expect(step.stdout).toContain(
      '::error::firstchance: Making the report: no session was found in this job or in its artifacts',
    );
  });

  test('an artifact that is no session is told, the others count', async () => {
    using other = newJob({ GITHUB_JOB: 'other' });
    await other.main('tests', { run: 'true' });
    using job = newJob();
    const fake = path.join(job.workspace, '.firstchance/s');
    const [begin, end] = frame('s');
    writeSession(fake, [begin, end]);
    await job.main('report', local);
    const [first] = service.artifacts;
    if (first)
      service.artifacts.push({
        ...first,
        id: 99,
        name: 'firstchance-broken-1-report',
        zip: Buffer.from('PK\u0005\u0006'.padEnd(22, '\0')),
      });
    rmSync(fake, { recursive: true });
    const step = await job.main('report2', { mode: 'report' });
    expect(step.code).toBe(0);
    expect(step.stdout).toContain('the artifact firstchance-broken-1-report holds no session');
  });
});

describe('damaged sessions', () => {
  const [begin, end] = frame('s');
  test.each([
    [
      'cut off in the middle',
      [begin, capture('s', { id: '0001-x' }), `${JSON.stringify(end).slice(0, 60)}`],
      /was left out: .*(cut off|no end)/,
    ],
    [
      'a record of a newer version',
      [begin, '{"record":"hologram","schema":9,"session":"s","time":"2030-01-01T00:00:00Z"}\n', end],
      /1 record was written by a newer firstchance and cannot be shown; update this action/,
    ],
    ['no JSON', [begin, 'what is this\n', end], /line 2 of the manifest was left out/],
    [
      'files are missing',
      [begin, { ...capture('s', { id: '0001-x' }), id: '0002-gone' }, end],
      /capture 0002-gone: there is no capture\.json/,
    ],
    [
      'a dump that leads out of the folder',
      [begin, capture('s', { id: '0001-x', dump: '../../../../../etc/hostname', kind: 'unhandled' }), end],
      /capture 0001-x/,
    ],
  ])('%s', async (_, records, sentence) => {
    using job = newJob();
    const folder = path.join(job.workspace, '.firstchance/s');
    // A dump outside of the folder is named, not made.
    writeSession(
      folder,
      records.map((one) => (JSON.stringify(one).includes('/../') ? `${JSON.stringify(one)}\n` : one)),
    );
    const step = await job.main('report', { ...local, upload: 'always' });
    expect(step.code).toBe(0);
    const readable = step.summary.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
    expect(readable).toMatch(sentence);
    for (const { zip } of service.named(/-dumps/))
      expect(zipEntries(zip).map(({ name }) => name)).toEqual(['captures/0001-x/dump.core']);
  });

  test('a capture that is a link is not uploaded', async () => {
    using job = newJob();
    const folder = path.join(job.workspace, '.firstchance/s');
    writeSession(folder, [begin, capture('s', { id: '0001-x', kind: 'unhandled' }), end]);
    const dump = path.join(folder, 'captures/0001-x/dump.core');
    rmSync(dump);
    symlinkSync('/etc/hostname', dump);
    await job.main('report', { ...local, upload: 'always' });
    expect(service.named(/-dumps/)).toEqual([]);
  });
});

/** Texts that reach further than into the report, whose own tests have them all. */
const REACHING = ['an image with a handler', 'a workflow command', 'control characters', 'right-to-left marks'];
const texts = HOSTILE.filter(([name, text]) => text !== '' && (inMatrix || REACHING.includes(name)));

test.each(texts)('hostile text is harmless: %s', async (_, text) => {
  // The environment ends at a NUL.
  const name = text.replaceAll('\0', '');
  using job = newJob({ GITHUB_JOB: name });
  const [begin, end] = frame('s', 1);
  const failed = testRecord('s', text, 'failed', [text, text]);
  const hostile = capture('s', { id: '0001-x', message: text, kind: 'unhandled', test: failed });
  writeSession(path.join(job.workspace, '.firstchance/s'), [begin, failed, hostile, { ...end, reason: text }]);
  const step = await job.main('report', { ...local, 'artifact-name': name });
  expect(step.code).toBe(0);
  expect(service.artifacts).toHaveLength(2);
  // Commands that are ours or the client's, and nothing else; no control character but the line end.
  for (const line of step.commands) expect(line).toMatch(/^::(error|warning|notice|debug|add-mask)[ :]/);
  expect(step.commands.filter((line) => line.startsWith('::error'))).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(step.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066\u2067]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(step.summary).not.toMatch(/<script|<img|onerror=|javascript:|[\u0000-\u0008\u001b\u202e]/);
  expect(job.exported).toEqual({});
  for (const { name } of service.artifacts) expect(name).not.toMatch(/["':<>|*?\\/\r\n]/);
});

test('a message of a megabyte fits into no summary and no annotation, and is told in short', async () => {
  using job = newJob();
  const [begin, end] = frame('s', 1);
  const captures = Array.from({ length: 40 }, (_, index) =>
    capture('s', {
      id: `${String(index + 1).padStart(4, '0')}-x`,
      kind: 'unhandled',
      message: `${'long '.repeat(200_000)}${index}`,
    }),
  );
  writeSession(path.join(job.workspace, '.firstchance/s'), [begin, ...captures, end]);
  const step = await job.main('report', { ...local, upload: 'never' });
  expect(step.code).toBe(0);
  // GitHub refuses a summary above 1 MiB, and shows ten errors of a step.
  expect(Buffer.byteLength(step.summary)).toBeLessThan(1_000_000);
  const errors = step.commands.filter((line) => line.startsWith('::error'));
  expect(errors).toHaveLength(9);
  for (const line of errors) expect(line.length).toBeLessThan(2_000);
  for (const value of Object.values(step.outputs)) expect(value.length).toBeLessThan(1_000);
});
