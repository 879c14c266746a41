import { captureDetailSchema, type Growth, reportResultSchema } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { annotations } from './annotations/annotations.ts';
import { renderSarif } from './annotations/sarif.ts';
import { workflowCommands } from './annotations/workflow-commands.ts';
import { makePageData } from './html/make-page-data.ts';
import type { PageData } from './html/page-data.ts';
import { DATA_MARK, renderHtml } from './html/render-html.ts';
import { renderJson } from './json/render-json.ts';
import { Junit } from './junit/junit.ts';
import { MemorySpool } from './junit/spool.ts';
import { renderMarkdown } from './markdown/summary-markdown.ts';
import { growthSession, stressSession } from './testing/growth-session.ts';
import { sessionOf } from './testing/models.ts';
import { RECORDED, recordedSession } from './testing/read-session.ts';
import { renderJunit } from './testing/render-junit.ts';
import { byteLength } from './text/limit.ts';

const MODELS = [
  ...RECORDED.map((name) => [name, recordedSession(name)] as const),
  ['growth', growthSession()] as const,
];

describe.each(MODELS)('%s', (name, model) => {
  it('as Markdown', async () => {
    await expect(renderMarkdown(model)).toMatchFileSnapshot(`golden/${name}.summary.md`);
  });

  it('as JUnit XML', async () => {
    await expect(renderJunit(model)).toMatchFileSnapshot(`golden/${name}.junit.xml`);
  });

  it('as JSON of the published shape', () => {
    const document = JSON.parse([...renderJson(model)].join('')) as Record<string, unknown>;
    expect(reportResultSchema.safeParse(document).error).toBeUndefined();
    expect(Object.keys(document).sort()).toEqual(Object.keys(reportResultSchema.shape).sort());
    expect(document.captures).toEqual(
      JSON.parse(JSON.stringify(model.captures.map((entry) => ({ ...entry, detail: entry.detail() })))),
    );
  });

  it('as annotations', async () => {
    const lines = workflowCommands(annotations(model, '/src/firstchance'));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.annotations.txt`);
  });

  it('as SARIF', async () => {
    await expect(renderSarif(model, '/src/firstchance', '0.1.0')).toMatchFileSnapshot(`golden/${name}.sarif.txt`);
  });

  it('as the data of the page', async () => {
    await expect(`${JSON.stringify(makePageData(model), null, 1)}\n`).toMatchFileSnapshot(`golden/${name}.page.txt`);
  });
});

it('recorded sessions keep to the published schema', () => {
  for (const name of RECORDED)
    for (const { detail } of recordedSession(name).captures)
      expect(() => captureDetailSchema.parse(detail())).not.toThrow();
});

it('stacks are whole in the page: every index leads to a frame, own code is marked', () => {
  const { frames, stacks, captures } = makePageData(recordedSession('throw-loop'));
  for (const stack of stacks) for (const frame of stack) expect(frames[frame]).toBeDefined();
  const [first] = captures;
  const stack = stacks[first?.exception?.stack ?? -1] ?? [];
  expect(stack.map((frame) => frames[frame]?.[2])).toContain(1);
  expect(first?.more?.threads[0]?.id).toBe(first?.thread);
});

describe('a session without end', () => {
  const model = stressSession({ captures: 400, checks: 800, tests: 6000 });

  it('keeps the summary below what GitHub takes, the worst first', () => {
    const markdown = renderMarkdown(model);
    expect(byteLength(markdown)).toBeLessThan(900_000);
    expect(markdown.indexOf('LEAK')).toBeLessThan(markdown.indexOf('PASS'));
    expect(renderMarkdown(model, 20_000)).toMatch(/did not fit here: see report\.html/);
    expect(byteLength(renderMarkdown(model, 20_000))).toBeLessThan(20_000);
  });

  it('keeps the page below 5 MB: what matters most has its detail, the rest says where it is', () => {
    const html = renderHtml(model, DATA_MARK);
    expect(byteLength(html)).toBeLessThan(4_800_000);
    const data = makePageData(model, 100_000);
    expect(data.captures).toHaveLength(400);
    expect(data.captures[0]?.more).not.toBeNull();
    expect(data.captures.at(-1)?.more).toBeNull();
    expect(data.leftOut).toBeGreaterThan(0);
  });

  it('says what else there is when even the entries do not fit', () => {
    const huge = stressSession({ captures: 1500, checks: 2500, tests: 30_000 });
    const html = renderHtml(huge, DATA_MARK);
    expect(byteLength(html)).toBeLessThan(4_800_000);
    expect(byteLength(html)).toBeGreaterThan(2_000_000);
    const { captures, checks, tests, notShown } = JSON.parse(html) as PageData;
    expect(notShown).toMatchObject({
      captures: 1500 - captures.length,
      checks: 2500 - checks.length,
      tests: 30_000 - tests.length,
      failedTests: 15_000 - tests.filter(({ state }) => state === 'failed').length,
    });
    expect(tests.every(({ state }) => state === 'failed')).toBe(true);
    expect(checks[0]?.verdict).toBe('LEAK');
    expect(makePageData(model).notShown).toEqual({ tests: 1000 });
    const { runs } = JSON.parse(renderSarif(huge, '/src', '1')) as {
      runs: { invocations: { toolExecutionNotifications: { message: { text: string } }[] }[] }[];
    };
    expect(runs[0]?.invocations[0]?.toolExecutionNotifications[0]?.message.text).toBe(
      'left out, the least important first: 500 captures; all of it is in manifest.jsonl',
    );
  });

  it('gives GitHub no more annotations of a level than it shows', () => {
    const lines = workflowCommands(annotations(model, '/src'));
    expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(lines.length).toBeLessThanOrEqual(30);
  });
});

it('a check that did not pass is an error at the line of the test that asked for it', () => {
  const { tests, checks, ...model } = sessionOf('text');
  const [test] = tests;
  const document = checks[0]?.check();
  if (!test || !checks[0] || !document) throw new Error('the session has no test and no check');
  const growth = document.growth.map(({ createdIn: _createdIn, ...same }) => same);
  const check = { ...checks[0], check: () => ({ ...document, growth }) };
  const here = { ...test, record: { ...test.record, file: '/src/shop/orders.test.ts', line: 12 } };
  const asked = { ...check, test: here.record };
  const of = (entry: (typeof checks)[number]) => annotations({ ...model, tests, checks: [entry] }, '/src')[0];
  expect(of(asked)).toMatchObject({ level: 'error', rule: 'leak', file: 'shop/orders.test.ts', line: 12 });
  expect(of({ ...asked, check: () => null })).toMatchObject({ file: 'shop/orders.test.ts', line: 12 });
  expect(of(check)).toMatchObject({ level: 'error', file: null, line: null });
});

it('a leak with one line that creates what grows is an error at that line', () => {
  const [entry] = sessionOf('text').checks;
  const check = entry?.check();
  const [growth] = check?.growth ?? [];
  if (!entry || !check || !growth) throw new Error('the session has no growth');
  const where = (createdIn: Growth['createdIn']) => {
    const changed = {
      ...entry,
      check: () => ({ ...check, growth: [{ ...growth, ...(createdIn ? { createdIn } : {}) }] }),
    };
    const [first] = annotations({ ...sessionOf('text'), checks: [changed] }, '/src');
    return [first?.file, first?.line];
  };
  const places = [{ method: 'Shop.Store.Open', file: '/src/shop/Store.cs', line: 31 }];
  expect(where({ places, of: 1, sure: true })).toEqual(['shop/Store.cs', 31]);
  expect(where({ places, of: 1, sure: false })).toEqual([null, null]);
  expect(where({ places, of: 4, sure: true })).toEqual([null, null]);
  expect(where({ places: [{ method: 'A.B', file: '/other/A.cs', line: 1 }], of: 1, sure: true })).toEqual([null, null]);
});

it('JUnit XML of many parts is that of one: cases in order, checks by verdict', () => {
  const { checks, tests, captures, runs, ...model } = growthSession();
  const junit = new Junit(new MemorySpool());
  // As they were checked, not as the read model has sorted them.
  const inOrder = [...checks].sort((a, b) => (a.record.time < b.record.time ? -1 : 1));
  for (const check of inOrder) junit.add({ checks: [check], tests: [], captures, runs: [] });
  for (const test of tests) junit.add({ checks: [], tests: [test], captures, runs: [] });
  for (const run of runs) junit.add({ checks: [], tests: [], captures, runs: [run] });
  expect([...junit.document()].join('')).toBe(renderJunit({ ...model, checks, tests, captures, runs }));
});

it('JUnit XML of a session of nothing is a document', () => {
  const nothing = [...new Junit(new MemorySpool()).document()].join('');
  expect(nothing).toMatch(/<testsuites name="firstchance" tests="0"[^>]*\/>\n$/);
});
