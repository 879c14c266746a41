import path from 'node:path';
import { expect, test } from 'vitest';
import { ArtifactServer, type ServerBehaviour } from './support/artifact-server.ts';
import { Job, type StepResult } from './support/job.ts';
import { capture, frame, writeSession } from './support/session.ts';

/** A session with one dump, reported in a job whose artifact service behaves like this. */
async function reportWith(behaviour: ServerBehaviour, env: NodeJS.ProcessEnv = {}) {
  await using service = await ArtifactServer.start();
  service.behaviour = behaviour;
  using job = new Job({ service: service.url, env });
  const [begin, end] = frame('s', 1);
  writeSession(path.join(job.workspace, '.firstchance/s'), [
    begin,
    capture('s', { id: '0001-x', kind: 'unhandled' }),
    end,
  ]);
  const step = await job.main('report', { mode: 'report', artifacts: '' });
  expect(step.summary).toContain('Shop.Gone');
  return { step, calls: [...service.calls], artifacts: [...service.artifacts] };
}

/** Ours; the client writes some of its own. */
const warnings = ({ commands }: StepResult) =>
  commands.filter((line) => line.startsWith('::warning title=firstchance'));

test('normal: both artifacts, each with its id', async () => {
  const { step, artifacts } = await reportWith({});
  expect(step.code).toBe(0);
  expect(artifacts.map(({ name }) => name)).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps']);
  expect(step.outputs).toMatchObject({ 'report-artifact-id': '1', 'artifact-id': '2' });
  expect(warnings(step)).toEqual([]);
});

test('409: a name that is taken gets a number', async () => {
  const { step, artifacts } = await reportWith({ taken: ['firstchance-test-1-dumps', 'firstchance-test-1-dumps-2'] });
  expect(artifacts.map(({ name }) => name)).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps-3']);
  expect(warnings(step)).toEqual([]);
});

test('500: tried again until it works', async () => {
  const { step, calls, artifacts } = await reportWith({ failing: { status: 500, times: 1 } });
  expect(artifacts).toHaveLength(2);
  expect(calls.slice(0, 2)).toEqual(['CreateArtifact', 'CreateArtifact']);
  expect(step.code).toBe(0);
});

test('the quota is used up: one sentence for each artifact, the step passes, the summary says it', async () => {
  const { step, artifacts } = await reportWith({
    failing: { status: 403, times: 99, msg: 'insufficient usage to create artifact' },
  });
  expect(step.code).toBe(0);
  expect(artifacts).toEqual([]);
  expect(warnings(step)).toEqual([
    expect.stringContaining('firstchance-test-1-report was not uploaded: the storage quota for artifacts is used up'),
    expect.stringContaining('firstchance-test-1-dumps was not uploaded: the storage quota for artifacts is used up'),
  ]);
  expect(step.summary).toContain('quota for artifacts is used up');
  expect(step.outputs['artifact-id']).toBe('');
});

test('an upload that makes no progress is given up', async () => {
  const { step } = await reportWith({ stalled: true }, { ACTIONS_ARTIFACT_UPLOAD_TIMEOUT_MS: '300' });
  expect(step.code).toBe(0);
  expect(warnings(step)[0]).toContain('was not uploaded: the upload made no progress');
});

test('a token that is refused', async () => {
  const { step } = await reportWith({ failing: { status: 401, times: 99 } });
  expect(warnings(step)[0]).toContain('was not uploaded: the service refused the token of this job');
});

test('GitHub Enterprise Server has no such service: it is said', async () => {
  const { step, calls } = await reportWith({}, { GITHUB_SERVER_URL: 'https://github.acme.example' });
  expect(step.code).toBe(0);
  expect(calls).toEqual([]);
  expect(warnings(step)[0]).toContain('GitHub Enterprise Server has no artifact service of this version');
});

test('no token: one sentence, the rest is done', async () => {
  const { step, calls } = await reportWith({}, { ACTIONS_RUNTIME_TOKEN: '' });
  expect(step.code).toBe(0);
  expect(calls).toEqual([]);
  expect(warnings(step)[0]).toContain('artifacts are not available: ACTIONS_RUNTIME_TOKEN is not set');
  expect(step.outputs.captures).toBe('1');
});

test('no service listens', async () => {
  const { step } = await reportWith({}, { ACTIONS_RESULTS_URL: 'http://127.0.0.1:1/' });
  expect(step.code).toBe(0);
  expect(warnings(step)[0]).toContain('was not uploaded: Unable to make request: ECONNREFUSED');
});
