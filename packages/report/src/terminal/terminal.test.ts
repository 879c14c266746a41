import type { CaptureDetail, CaptureRecord, CheckRecord, EndRecord } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { width } from '../text/fit.ts';
import { captureLine } from './capture-line.ts';
import { exceptionLine, progressLine, stackLines } from './live.ts';
import { shortType } from './names.ts';
import { doingLines, showCapture } from './show.ts';
import { plainStyle, styleFor } from './style.ts';
import { problemLines, type RunSummary, summary } from './summary.ts';

const stamp = { schema: 1, session: '20261124-101112-a1b2c3', time: '2026-11-24T10:11:13.000Z' } as const;
const frame = (method: string, file: string | null, line: number | null) => ({
  method,
  module: 'Shop.dll',
  ilOffset: 18,
  file,
  line,
});

function capture(number: number, change: Partial<CaptureRecord> = {}): CaptureRecord {
  return {
    ...{
      record: 'capture',
      ...stamp,
      id: `${String(number).padStart(4, '0')}-first-chance-InvalidOperationException`,
      pid: 1234,
    },
    process: { name: 'testhost', commandLine: ['testhost'], runtime: '10.0.12', architecture: 'x64' },
    trigger: { kind: 'first-chance', detail: '' },
    test: null,
    thread: { osId: 1240, name: '.NET TP Worker' },
    exception: {
      ...{
        type: 'System.InvalidOperationException',
        message: 'The cart of customer 17 is empty',
        hresult: -2146233079,
      },
      inner: [],
      stack: [frame('Shop.Cart.CheckOut(System.Int32)', 'Cart.cs', 40), frame('Shop.Program.Main()', null, null)],
    },
    ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle', durationMs: 78 },
    dump: {
      kind: 'heap',
      path: 'captures/0001-x/dump.core.zst',
      bytes: 2_590_000,
      rawBytes: 8_000_000,
      leftOut: ['native heap'],
    },
    ...change,
  };
}

const inTest = {
  test: {
    id: 't',
    title: ['Shop.Tests.CartTests.Empty_cart_cannot_be_checked_out'],
    file: null,
    line: null,
    runner: 'xunit',
    attempt: 1,
    candidates: 1,
  },
};
const hostile = capture(3, {
  exception: {
    ...{
      type: 'Evil.\u202eException',
      message: '\u001b[2J\u001b[31mall fine\r\nfirstchance 0001 forged\u0007',
      hresult: -1,
    },
    ...{ inner: [], stack: [] },
  },
});
const captures = [
  capture(1),
  capture(2, {
    ...inTest,
    exception: { type: 'Xunit.Sdk.EqualException', message: null, hresult: 0, inner: [], stack: [] },
    pauseMs: 12.4,
  }),
  hostile,
  capture(4, {
    id: '0004-deadline',
    trigger: { kind: 'deadline', detail: 'the command still ran after 30 s' },
    exception: null,
    thread: null,
  }),
  capture(5, { ...inTest, captureMethod: 'createdump', pauseMs: null, dump: null }),
  capture(6, {
    exception: {
      type: 'Läden.日本Exception',
      message: '東京の在庫がありません。'.repeat(8),
      hresult: 0,
      inner: [],
      stack: [],
    },
  }),
];
const end: EndRecord = {
  record: 'end',
  ...stamp,
  exitCode: 1,
  verdict: null,
  reason: 'the command ended with 1',
  captures: 5,
  checks: 0,
  problems: 1,
};
const run: RunSummary = {
  ...{ captures, end, ranDotnet: true, sessionFolder: '.firstchance/20261124-101112-a1b2c3', reason: end.reason },
  results: [{ record: 'result', ...stamp, captureId: captures[1]?.id ?? '', kept: false, testState: 'passed' }],
  skipped: [
    { record: 'skipped', ...stamp, trigger: 'first-chance', exceptionType: 'X', why: 'per-place', count: 12 },
    { record: 'skipped', ...stamp, trigger: 'first-chance', exceptionType: 'Y', why: 'busy', count: 1 },
    { record: 'skipped', ...stamp, trigger: 'first-chance', exceptionType: 'Y', why: 'per-place', count: 3 },
  ],
};
const detail: CaptureDetail = {
  ...capture(1, {
    exception: {
      ...{ type: 'System.AggregateException', message: 'One or more errors occurred.', hresult: -2146233088 },
      inner: [
        {
          type: 'System.TimeoutException',
          message: null,
          hresult: -2146233083,
          inner: [],
          stack: [frame('Shop.Db.Ask()', 'Db.cs', 7)],
        },
      ],
      stack: [frame('Shop.Cart.CheckOut(System.Int32)', 'Cart.cs', 40), frame('Shop.Program.Main()', null, null)],
    },
  }),
  threads: [
    {
      osId: 1240,
      managedId: 5,
      name: '.NET TP Worker',
      state: 'running',
      stack: [frame('Shop.Cart.CheckOut(System.Int32)', 'Cart.cs', 40)],
      exception: null,
    },
    { osId: 1236, managedId: 2, name: null, state: 'waiting', isFinalizer: true, stack: [], exception: null },
  ],
  awaiting: [{ method: 'Shop.Page.LoadAsync()', awaits: [{ method: 'Shop.Db.AskAsync()', awaits: [] }] }],
  topTypes: [
    { type: 'System.String', module: 'System.Private.CoreLib.dll', instances: 120_334, bytes: 9_800_000 },
    { type: 'Shop.Session', module: 'Shop.dll', instances: 17, bytes: 5_780 },
  ],
  modules: [],
  notes: ['the runtime was in the middle of a garbage collection: addresses may be stale'],
};

it('a retry says which attempt it was, on wide and on narrow terminals', () => {
  const [first, again] = [1, 2].map((attempt) => {
    const one = capture(7, { ...inTest, exception: null });
    return { ...one, test: one.test && { ...one.test, title: ['adds'], attempt } };
  }) as [ReturnType<typeof capture>, ReturnType<typeof capture>];
  for (const columns of [80, 200]) {
    expect(captureLine(first, plainStyle(columns))).not.toContain('attempt');
    expect(captureLine(again, plainStyle(columns))).toContain(' (attempt 2)');
  }
});

it('the test of a deadline is named once in a line', () => {
  const [title] = inTest.test.title;
  const trigger = { kind: 'deadline', detail: `test ${title} still ran after 5000 ms` } as const;
  const line = captureLine(capture(7, { ...inTest, trigger, exception: null }), plainStyle(200));
  expect(line).toContain(`deadline: test still ran after 5000 ms · ${title} · `);
});

describe.each([80, 200, Number.POSITIVE_INFINITY])('%d columns', (columns) => {
  const style = plainStyle(columns);
  const name = Number.isFinite(columns) ? columns : 'log';

  it('a line per capture', async () => {
    await expect(captures.map((one) => captureLine(one, style)).join('\n')).toMatchFileSnapshot(
      `golden/lines-${name}.txt`,
    );
  });

  it('the summary', async () => {
    await expect(summary(run, style).join('\n')).toMatchFileSnapshot(`golden/summary-${name}.txt`);
  });

  it('one capture in full', async () => {
    const lines = showCapture(detail, style, { sessionFolder: '.firstchance/latest' });
    await expect(lines.join('\n')).toMatchFileSnapshot(`golden/show-${name}.txt`);
  });

  it('never goes over the width in lines that are cut, and never lets a control character through', () => {
    const lines = [...captures.map((one) => captureLine(one, style)), ...summary(run, style)];
    const cut = lines.filter((line) => !line.includes('look inside'));
    expect(Math.max(...cut.map(width))).toBeLessThanOrEqual(columns);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});

it('threads with code of the program come first, then what waits, then the others', () => {
  const frame = (method: string, module: string) => ({ method, module, ilOffset: null, file: null, line: null });
  const [first] = detail.threads ?? [];
  if (!first) throw new Error('the sample has no thread');
  const threads = [
    { ...first, osId: 1, stack: [frame('NUnit.VisualStudio.TestAdapter.Run()', 'NUnit3.TestAdapter.dll')] },
    { ...first, osId: 2, stack: [frame('Shop.Cart.Add()', 'Shop.dll')] },
  ];
  const awaiting = [{ method: 'Shop.Cleaner.ExecuteAsync', awaits: [] }];
  const lines = doingLines({ threads, awaiting, test: null }, plainStyle(100));
  expect(lines.filter((line) => /^(thread|waiting)/.test(line)).map((line) => line.split(',')[0])).toEqual([
    ...[expect.stringContaining('thread 2'), 'waiting async methods', expect.stringContaining('thread 1')],
  ]);
});

it('threads with the same stack are told once, with their number; all of them when they are asked for', () => {
  const at = (line: number) => [frame('Shop.Starve()', 'Shop.cs', line)];
  const threads = Array.from({ length: 12 }, (_value, index) => ({
    ...{ osId: index + 1, managedId: index + 1, name: null, state: '', isFinalizer: false },
    ...{ stack: at(index === 3 ? 9 : 4), exception: null },
  }));
  const titles = (all: boolean) =>
    doingLines({ threads, awaiting: [], test: null }, plainStyle(100), { all }).filter((line) =>
      line.startsWith('thread'),
    );
  expect(titles(false)).toEqual([
    'thread 1, managed 1, and 10 more with the same stack: 2, 3, 5, 6, 7, 8, 9, 10, …',
    'thread 4, managed 4',
  ]);
  expect(titles(true)).toHaveLength(12);
});

it('problems, exceptions flying by, progress and stacks', async () => {
  const style = plainStyle(100);
  const problem = {
    what: 'capture 0002 failed',
    where: 'process 7',
    why: 'the disk is full (ENOSPC)',
    cure: 'free some space',
  };
  const event = { pid: 7, threadId: 8, type: 'A.B.C`1[[System.Int32]]', message: 'x\ny', matched: true };
  const lines = [
    ...problemLines(problem, style),
    exceptionLine(event, style),
    progressLine('0003-x', { doneBytes: 120e6, totalBytes: 2.5e9 }, style),
    progressLine('0003-x', {}, style),
    ...stackLines(detail, style),
  ];
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/live.txt');
});

it('colours only where they are wanted', () => {
  const terminal = { isTTY: true, columns: 100 };
  const coloured = (stream: object, environment: NodeJS.ProcessEnv) =>
    styleFor(stream, environment).paint.red('x') !== 'x';
  expect(coloured(terminal, {})).toBe(true);
  expect(coloured(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(coloured(terminal, { NO_COLOR: '' })).toBe(true);
  expect(coloured(terminal, { TERM: 'dumb' })).toBe(false);
  expect(coloured({}, {})).toBe(false);
  expect(coloured({}, { FORCE_COLOR: '1' })).toBe(true);
  expect(coloured({}, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  expect(coloured(terminal, { FORCE_COLOR: '0' })).toBe(false);
  expect(styleFor(terminal, {}).columns).toBe(100);
  expect(styleFor({}, {}).columns).toBe(Number.POSITIVE_INFINITY);
  expect(styleFor(terminal, { CI: 'true' }).interactive).toBe(false);
});

it('coloured output is the same text', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');
  const coloured = summary(run, plainStyle(80, true)).map(plain);
  expect(coloured).toEqual(summary(run, plainStyle(80)));
});

it.each([
  ['System.Collections.Generic.List<Shop.Session>', 'List<Session>'],
  ['Shop.Cart+Line', 'Cart+Line'],
  ['Shop.Line[]', 'Line[]'],
  ['NoNamespace', 'NoNamespace'],
])('%s is %s', (type, expected) => {
  expect(shortType(type)).toBe(expected);
});

it('says of a command without .NET why there is nothing', () => {
  const lines = summary({ ...run, captures: [], ranDotnet: false }, plainStyle(80));
  expect(lines.join('\n')).toContain('no captures: no .NET runtime ran in the command (a program compiled ahead of');
});

it('counts the growth checks of tests by verdict', () => {
  const check = (verdict: CheckRecord['verdict']) => ({ record: 'check', verdict }) as CheckRecord;
  const checks = [check('PASS'), check('LEAK'), check('GROWS_WHILE_IDLE'), check('PASS')];
  const lines = summary({ ...run, captures: [], checks }, plainStyle(80));
  expect(lines).toContain('4 growth checks: 2 PASS, 1 LEAK, 1 GROWS WHILE IDLE');
  expect(summary({ ...run, checks: checks.slice(0, 1) }, plainStyle(80))).toContain('1 growth check: 1 PASS');
});
