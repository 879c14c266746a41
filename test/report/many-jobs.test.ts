import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeJobs } from '../../bench/lib/many-jobs.mjs';
import type { PageData } from '../../packages/report/src/index.ts';
import { firstchance, temporaryFolder } from '../support/firstchance.ts';
import { inMatrix } from '../support/scope.ts';

/** 53 MB of manifest: as objects they take more than 150 MB. Half of it is still more than the heap below has room for. */
const JOBS = inMatrix ? 200 : 100;
const JOBS_WITH_DOCUMENTS = 30;
/** Of the heap, above which Node gives up: what does not grow with the jobs needs 60 MB of it, a document of JUnit 25 MB. */
const env = { NODE_OPTIONS: '--max-old-space-size=80' };
const junitEnv = { NODE_OPTIONS: '--max-old-space-size=52' };

const folder = temporaryFolder();
const merged = path.join(folder.path, 'all');
beforeAll(async () => {
  const { folders } = writeJobs(path.join(folder.path, 'jobs'), JOBS, JOBS_WITH_DOCUMENTS);
  expect(await firstchance(['merge', '-x', merged, ...folders], { env })).toMatchObject({ code: 0, stderr: '' });
});
afterAll(() => folder[Symbol.dispose]());

const read = (name: string) => readFileSync(path.join(merged, name), 'utf8');

test('the session of many jobs has every test in junit.xml', async () => {
  const xml = read('junit.xml');
  expect(XMLValidator.validate(xml)).toBe(true);
  const document = new XMLParser({ ignoreAttributes: false }).parse(xml) as {
    testsuites: { '@_tests': string; testsuite: { '@_tests': string; testcase: { '@_name': string }[] }[] };
  };
  expect(document.testsuites['@_tests']).toBe(String(JOBS * (4 + 150 + 1)));
  const suites = document.testsuites.testsuite;
  expect(suites.map((suite) => [suite['@_tests'], suite.testcase.length])).toEqual(
    [JOBS * 4, JOBS * 150, JOBS].map((count) => [String(count), count]),
  );
  expect(suites[0]?.testcase[0]?.['@_name']).toBe('GET /shard/0/orders/1');
  const again = await firstchance(['report', merged, '--junit'], { env: junitEnv });
  expect(again).toMatchObject({ code: 0, stdout: xml, stderr: '' });
});

test('its page and its summary keep to their sizes, and say what is not in them', () => {
  expect(statSync(path.join(merged, 'report.html')).size).toBeLessThan(5_000_000);
  const page = read('report.html');
  const data = JSON.parse(/id="report-data"[^>]*>(.*?)<\/script>/s.exec(page)?.[1] ?? '') as PageData;
  expect(data.captures.length + (data.notShown?.captures ?? 0)).toBe(JOBS * 24);
  expect(data.tests.length + (data.notShown?.tests ?? 0)).toBe(JOBS * 150);
  expect(data.captures.length).toBeGreaterThan(100);
  expect(data.captures[0]?.test?.state).toBe('failed');
  expect(data.captures[0]?.more).not.toBeNull();
  const summary = read('summary.md');
  expect(summary.length).toBeLessThan(900_000);
  expect(summary).toContain(`and ${JOBS * 24 - 200} more`);
  expect(summary).toContain(`and ${JOBS - 20} more sessions`);
});

test.each(['--html', '--markdown', '--sarif', '--annotations'])(
  'it is rendered as %s in the same memory',
  async (form) => {
    expect(await firstchance(['report', merged, form], { env })).toMatchObject({ code: 0, stderr: '' });
  },
);
