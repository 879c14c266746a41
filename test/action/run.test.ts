import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { ArtifactServer, digestOf } from './support/artifact-server.ts';
import { Job } from './support/job.ts';
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

describe('mode run', () => {
  test('a program that dies fails the step; its dump and the report are artifacts, the summary tells', async () => {
    using job = new Job({ service: service.url });
    const step = await job.main('tests', { run: crash('unhandled'), dump: 'mini' });
    expect(step.code).toBe(1);
    const exit = Number(step.outputs['exit-code']);
    expect(exit).toBe(134);
    expect(step.outputs).toMatchObject({ captures: '1', checks: '0', 'failed-checks': '0', verdict: '' });

    const [report, dumps] = [service.named(/-report$/)[0], service.named(/-dumps$/)[0]];
    expect([report?.name, dumps?.name]).toEqual(['firstchance-test-1-report', 'firstchance-test-1-dumps']);
    expect(step.outputs['artifact-id']).toBe(String(dumps?.id));
    expect(step.outputs['artifact-url']).toBe(`https://github.com/acme/shop/actions/runs/77/artifacts/${dumps?.id}`);
    expect(step.outputs['artifact-digest']).toBe(digestOf(dumps?.zip));
    expect(step.outputs['report-artifact-digest']).toBe(digestOf(report?.zip));

    const session = step.outputs.session ?? '';
    const [dump, ...more] = zipEntries(dumps?.zip);
    expect(more).toEqual([]);
    expect(dump).toMatchObject({
      name: expect.stringMatching(/^captures\/0001-unhandled-.*\/dump\.core\.zst$/),
      method: 0,
    });
    expect(dump?.content.equals(readFileSync(path.join(session, dump?.name ?? '')))).toBe(true);
    expect(zipEntries(report?.zip).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['manifest.jsonl', 'report.html', 'summary.md', 'junit.xml']),
    );
    expect(step.summary).toContain('System.InvalidOperationException');
    expect(step.summary).toContain(`/artifacts/${dumps?.id}`);
    expect(step.outputs.report).toBe(path.join(session, 'report.html'));
    expect(step.commands.filter((line) => line.startsWith('::error'))).toHaveLength(2);

    const post = await job.post('tests', { run: crash('unhandled') });
    expect(post.code).toBe(0);
    expect(service.artifacts).toHaveLength(2);
    expect(job.leftovers()).toEqual([]);
  });
});
