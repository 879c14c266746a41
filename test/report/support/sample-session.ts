import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CaptureDetail, GrowthCheck, ManifestRecord, Verdict } from '../../../packages/model/src/index.ts';

/*
 * A session as large as one gets, written by hand after the published schemas: captures and growth checks in any number, a
 * ledger, memory by category. Real captures for the report's tests are in packages/report/src/testing/sessions.
 */

const SESSION = '20261125-101112-a1b2c3';
const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 10, 11, 12) + second * 1000).toISOString();
const stamp = (second: number) => ({ schema: 1 as const, session: SESSION, time: at(second) });

/** The same numbers every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const frame = (method: string, module: string, file: string | null = null, line: number | null = null) => ({
  ...{ method, module, ilOffset: 12, file, line },
});
const platform = (method: string) => frame(method, 'System.Private.CoreLib.dll');

const THROWS = [
  platform('System.Collections.Generic.Dictionary<System.String,Shop.Order>.get_Item(System.String)'),
  frame('Shop.Orders.Find(System.String)', 'Shop.dll', '/src/Shop/Orders.cs', 88),
  frame('Shop.Checkout+<PayAsync>d__7.MoveNext()', 'Shop.dll', '/src/Shop/Checkout.cs', 41),
  platform(
    'System.Runtime.CompilerServices.AsyncMethodBuilderCore.Start<Shop.Checkout+<PayAsync>d__7>(Shop.Checkout+<PayAsync>d__7&)',
  ),
  frame(
    'Shop.Checkout.PayAsync(Shop.Cart,System.Threading.CancellationToken)',
    'Shop.dll',
    '/src/Shop/Checkout.cs',
    30,
  ),
  frame(
    'Shop.Tests.CheckoutTests+<>c.<An_order_is_paid_once>b__4_0()',
    'Shop.Tests.dll',
    '/src/Shop.Tests/CheckoutTests.cs',
    52,
  ),
  platform('System.Threading.Tasks.Task.InnerInvoke()'),
  platform(
    'System.Threading.ExecutionContext.RunInternal(System.Threading.ExecutionContext,System.Threading.ContextCallback,System.Object)',
  ),
  platform('System.Threading.Tasks.Task.ExecuteWithThreadLocal(System.Threading.Tasks.Task&,System.Threading.Thread)'),
  platform('System.Threading.ThreadPoolWorkQueue.Dispatch()'),
];
const WAITS = [
  platform(
    'System.Threading.WaitHandle.WaitOneNoCheck(System.Int32,System.Boolean,System.Object,System.Threading.NativeRuntimeEventSource+WaitHandleWaitSourceMap)',
  ),
  platform('System.Threading.PortableThreadPool+WorkerThread.WorkerThreadStart()'),
];
const BLOCKED = [
  platform('System.Threading.Monitor.Enter(System.Object,System.Boolean&)'),
  frame('Shop.Stock.Reserve(System.Int32)', 'Shop.dll', '/src/Shop/Stock.cs', 19),
  frame('Shop.Worker.Loop()', 'Shop.dll', '/src/Shop/Worker.cs', 73),
  platform('System.Threading.Thread.StartCallback()'),
];
const TYPES = [
  ...['Shop.Session', 'Shop.Order', 'Shop.OrderLine', 'Shop.Caching.Entry<System.String,Shop.Price>'],
  ...[
    'System.String',
    'System.Byte[]',
    'System.Object[]',
    'System.Collections.Generic.Dictionary<System.String,Shop.Order>',
  ],
  ...['System.Threading.Tasks.Task<System.Int32>', 'System.Char[]', 'System.Int32[]', 'System.EventHandler'],
];
const moduleOf = (type: string) => (type.startsWith('Shop') ? 'Shop.dll' : 'System.Private.CoreLib.dll');
const KINDS = ['unhandled', 'first-chance', 'deadline', 'first-chance', 'memory'] as const;

function capture(number: number, next: () => number): CaptureDetail {
  const kind = KINDS[number % KINDS.length] ?? 'manual';
  const thrown = kind === 'unhandled' || kind === 'first-chance';
  const id = `${String(number).padStart(4, '0')}-${kind}${thrown ? '-KeyNotFoundException' : ''}`;
  const stack = [
    THROWS[0],
    frame(`Shop.Orders.Find${number % 17}(System.String)`, 'Shop.dll', '/src/Shop/Orders.cs', number),
    ...THROWS.slice(2),
  ].flatMap((one) => one ?? []);
  return {
    ...{ record: 'capture', ...stamp(number), id, pid: 4242 },
    process: { name: 'testhost', commandLine: ['dotnet', 'testhost.dll'], runtime: '10.0.12', architecture: 'x64' },
    trigger: {
      kind,
      detail:
        kind === 'deadline' ? 'the command still ran after 600 s' : kind === 'memory' ? '812 MB, above 800 MB' : '',
    },
    test: thrown
      ? {
          id: `t${number % 40}`,
          title: ['Shop.Tests.CheckoutTests', `An order is paid once (${number % 40})`],
          file: '/src/Shop.Tests/CheckoutTests.cs',
          line: 52,
          runner: 'xunit',
          attempt: 1,
          candidates: number % 7 === 0 ? 3 : 1,
        }
      : null,
    thread: thrown ? { osId: 4250, name: '.NET TP Worker' } : null,
    exception: thrown
      ? {
          ...{
            type: 'System.Collections.Generic.KeyNotFoundException',
            message: `The given key 'order-${number}' was not present in the dictionary.`,
            hresult: -2146232969,
          },
          ...{
            inner:
              number % 3 === 0
                ? [
                    {
                      type: 'System.TimeoutException',
                      message: 'The database did not answer within 00:00:05',
                      hresult: -2146233083,
                      inner: [],
                      stack: THROWS.slice(2, 5),
                    },
                  ]
                : [],
            stack,
          },
        }
      : null,
    ...{ pauseMs: 1 + next() * 6, captureMethod: 'clone', gc: 'idle', durationMs: 60 + next() * 40 },
    dump: {
      kind: 'heap',
      path: `captures/${id}/dump.core.zst`,
      bytes: 2_000_000 + Math.round(next() * 9e6),
      rawBytes: 21_000_000,
      leftOut: ['native heap', 'module code'],
    },
    threads: [
      { osId: 4250, managedId: 9, name: '.NET TP Worker', state: 'running', stack, exception: null },
      ...Array.from({ length: 4 }, (_, index) => ({
        osId: 4260 + index,
        managedId: 12 + index,
        name: 'worker',
        state: 'waiting',
        stack: BLOCKED,
        exception: null,
      })),
      ...Array.from({ length: 12 }, (_, index) => ({
        osId: 4300 + index,
        managedId: 30 + index,
        name: '.NET TP Worker',
        state: 'waiting',
        stack: WAITS,
        exception: null,
      })),
      {
        osId: 4244,
        managedId: 2,
        name: '.NET Finalizer',
        state: 'waiting',
        isFinalizer: true,
        stack: [],
        exception: null,
      },
      { osId: 4245, managedId: null, name: '.NET SigHandler', state: 'waiting', stack: [], exception: null },
    ],
    awaiting: [
      {
        method: 'Shop.Checkout+<PayAsync>d__7.MoveNext()',
        awaits: [
          {
            method: 'Shop.Bank+<ChargeAsync>d__2.MoveNext()',
            awaits: [{ method: 'System.Net.Http.HttpClient+<SendAsync>d__9.MoveNext()', awaits: [] }],
          },
        ],
      },
      ...Array.from({ length: 3 }, () => ({ method: 'Shop.Mailer+<RunAsync>d__1.MoveNext()', awaits: [] })),
    ],
    topTypes: TYPES.flatMap((type, index) =>
      Array.from({ length: 4 }, (_, variant) => ({
        type: variant === 0 ? type : `${type.replace(/[<[].*/, '')}${variant}`,
        module: moduleOf(type),
        instances: Math.round(90_000 / (1 + index + variant * 5)),
        bytes: Math.round((9e6 / (1 + index * 1.7 + variant * 9)) * (0.7 + next())),
      })),
    ).sort((a, b) => b.bytes - a.bytes),
    dominators: [
      {
        type: 'Shop.Caching.Cache<System.String,Shop.Price>',
        retainedBytes: 9_400_000,
        children: [
          {
            type: 'System.Collections.Generic.Dictionary<System.String,Shop.Caching.Entry>',
            retainedBytes: 9_300_000,
            children: [
              {
                type: 'Shop.Caching.Entry',
                retainedBytes: 6_100_000,
                children: [{ type: 'System.Byte[]', retainedBytes: 4_900_000, children: [] }],
              },
              { type: 'System.String', retainedBytes: 2_400_000, children: [] },
            ],
          },
        ],
      },
      {
        type: 'Shop.SessionStore',
        retainedBytes: 5_200_000,
        children: [
          {
            type: 'System.Collections.Generic.List<Shop.Session>',
            retainedBytes: 5_100_000,
            children: [
              {
                type: 'Shop.Session',
                retainedBytes: 5_000_000,
                children: [
                  { type: 'Shop.Cart', retainedBytes: 2_900_000, children: [] },
                  { type: 'System.String', retainedBytes: 1_100_000, children: [] },
                ],
              },
            ],
          },
        ],
      },
      {
        type: 'System.String[]',
        retainedBytes: 1_900_000,
        children: [{ type: 'System.String', retainedBytes: 1_700_000, children: [] }],
      },
      { type: 'System.Diagnostics.Tracing.EventSource', retainedBytes: 800_000, children: [] },
      { type: 'System.Byte[]', retainedBytes: 700_000, children: [] },
    ],
    modules: [{ name: 'Shop.dll', path: '/src/Shop/bin/Shop.dll' }],
    notes: number % 11 === 0 ? ['the runtime was in the middle of a garbage collection: addresses may be stale'] : [],
  };
}

const VERDICTS: readonly Verdict[] = ['LEAK', 'GROWS_WHILE_IDLE', 'INCONCLUSIVE', 'INFRASTRUCTURE_ERROR'];

function check(number: number, next: () => number): GrowthCheck & { id: string } {
  const verdict: Verdict = number < 4 ? (VERDICTS[number] ?? 'PASS') : number % 25 === 0 ? 'LEAK' : 'PASS';
  const grows = verdict === 'LEAK';
  const doses = [
    ...[5, 20, 40, 60, 80, 100],
    ...Array.from({ length: 15 }, () => [0, 100, 200][Math.floor(next() * 3)] ?? 0),
    0,
    100,
    800,
  ];
  let sessions = 100;
  const rounds = doses.map((dose, index) => {
    sessions += grows ? dose : 0;
    const noise = () => Math.round(next() * 20_000);
    return {
      ...{
        index,
        phase:
          index < 6
            ? ('warm-up' as const)
            : index < 21
              ? ('measure' as const)
              : index < 23
                ? ('idle' as const)
                : ('surge' as const),
      },
      ...{ dose, durationMs: 20 + dose * 0.4 + next() * 9, pauseMs: 3 + next() * 3 },
      channels: {
        ...{
          instances: 21_000 + sessions * 3 + Math.round(next() * 4),
          managedBytes: 2_100_000 + sessions * 340 + noise(),
        },
        ...{
          mallocBytes: 5_400_000 + noise(),
          mappedBytes: 88_000_000,
          handles: 212,
          threads: 14,
          fileDescriptors: 61,
          sockets: 2,
          mappings: 480,
          residentBytes: 96_000_000 + sessions * 400 + noise() * 9,
        },
        privateBytes: {
          gcHeap: 8_400_000 + sessions * 350,
          loader: 11_000_000,
          jit: 6_200_000 + noise(),
          malloc: 9_800_000 + noise(),
          stacks: 2_100_000,
          other: 700_000,
        },
      },
    };
  });
  const growth = {
    ...{
      channel: 'instances',
      type: 'Shop.Session',
      module: 'Shop.dll',
      perOperation: 1,
      bytesPerOperation: 340,
      low: 0.98,
      high: 1.02,
    },
    container: 'System.Collections.Generic.List<Shop.Session>',
    path: [
      'static Shop.SessionStore.s_sessions',
      'System.Collections.Generic.List<Shop.Session>',
      'Shop.Session[]',
      'Shop.Session',
    ],
    owner: [
      'Shop.SessionStore.Open(System.String)',
      'Shop.Login+<SignInAsync>d__3.MoveNext()',
      'Shop.Tests.LoginTests.Sign_in()',
    ],
    ...{
      pattern: 'static-collection',
      fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  };
  const bytes = {
    channel: 'managedBytes',
    perOperation: 342,
    low: 330,
    high: 351,
    fingerprint: 'e3b0c44298fc1c149afbf4c8996fb924',
    path: growth.path,
  };
  const cache = {
    ...growth,
    type: 'Shop.Caching.Entry',
    perOperation: 0.2,
    low: 0.1,
    high: 0.3,
    bytesPerOperation: 96,
    why: 'cache reached its limit of 500 entries in the surge',
    container: 'Shop.Caching.Cache',
    path: ['static Shop.Prices.s_cache', 'Shop.Caching.Cache', 'Shop.Caching.Entry'],
  };
  const reasons: Readonly<Record<Verdict, string>> = {
    PASS: 'nothing grew with the operations in 15 rounds',
    LEAK: 'Shop.Session grew by 1.00 per operation, also in the surge, and did not fall while idle',
    GROWS_WHILE_IDLE: 'malloc grew by 1.2 MB per minute without operations',
    INCONCLUSIVE: 'managed bytes vary by more than the 24 rounds allow to tell from growth',
    INFRASTRUCTURE_ERROR: 'the target ended with exit code 134 in round 7',
  };
  return {
    id: `GET /orders/${number}`,
    ...{
      schema: 1,
      verdict,
      reason: reasons[verdict],
      mode: number % 2 === 0 ? 'quick' : 'thorough',
      operations: doses.reduce((sum, dose) => sum + dose, 0),
      seed: 42 + number,
      rounds,
    },
    ...{ growth: grows ? [growth, bytes] : [], harmless: number % 5 === 0 ? [cache] : [] },
    minimumDetectable: {
      instancesPerOperation: 0.05,
      managedBytesPerOperation: 24,
      nativeBytesPerOperation: number % 2 === 0 ? null : 130,
    },
  };
}

export interface SampleSize {
  readonly captures: number;
  readonly checks: number;
  readonly tests: number;
}

/** Writes a session folder of that size. */
export function writeSampleSession(folder: string, size: SampleSize): void {
  const next = random(7);
  mkdirSync(path.join(folder, 'checks'), { recursive: true });
  const records: ManifestRecord[] = [
    {
      record: 'session',
      ...stamp(0),
      id: SESSION,
      command: ['dotnet', 'test', 'Shop.sln', '--filter', 'Category!=Slow'],
      versions: { firstchance: '0.1.0', node: '20.20.2' },
      platform: 'linux-x64',
    },
    {
      record: 'target',
      ...stamp(1),
      pid: 4242,
      name: 'testhost',
      commandLine: ['dotnet', 'testhost.dll'],
      runtime: '10.0.12',
      architecture: 'x64',
      agent: 'loaded',
      started: at(1),
      ended: at(700),
      exitCode: 1,
    },
  ];
  for (let number = 0; number < size.tests; number += 1) {
    const state = number % 13 === 0 ? 'failed' : number % 41 === 0 ? 'timed-out' : 'passed';
    records.push({
      record: 'test',
      ...stamp(number),
      id: `t${number}`,
      title: ['Shop.Tests.CheckoutTests', `An order is paid once (${number})`],
      file: '/src/Shop.Tests/CheckoutTests.cs',
      line: 40 + number,
      runner: 'xunit',
      attempt: 1,
      state,
      durationMs: 20 + next() * 900,
    });
    const left = TYPES.slice(0, 1 + (number % 6)).map((type) => ({
      type,
      module: moduleOf(type),
      instances: Math.round(next() * 900),
      bytes: Math.round(next() * (number % 9 === 0 ? 900_000 : 20_000)),
    }));
    const grown = number * 21_000;
    const channels = {
      managedBytes: 3e6 + grown,
      residentBytes: 92e6 + grown * 2,
      privateBytes: {
        gcHeap: 8e6 + grown,
        loader: 11e6,
        jit: 5e6 + number * 9000,
        malloc: 9e6 + Math.round(next() * 1e6),
        stacks: 2_100_000,
        other: 700_000,
      },
    };
    records.push({
      record: 'census',
      ...stamp(number * 3),
      id: `c${number}`,
      testId: `t${number}`,
      candidates: number % 8 === 7 ? 4 : 1,
      pauseMs: 3,
      left,
      channels,
      merged: number % 10 === 3 ? [`t${number - 1}`] : [],
    });
  }
  for (let number = 1; number <= size.captures; number += 1) {
    const detail = capture(number, next);
    const { threads: _t, awaiting: _a, topTypes: _y, dominators: _d, modules: _m, notes: _n, ...record } = detail;
    mkdirSync(path.join(folder, 'captures', detail.id), { recursive: true });
    writeFileSync(path.join(folder, 'captures', detail.id, 'capture.json'), JSON.stringify(detail));
    records.push(record);
  }
  for (let number = 0; number < size.checks; number += 1) {
    const { id, ...document } = check(number, next);
    const file = `checks/${String(number).padStart(4, '0')}.json`;
    writeFileSync(path.join(folder, file), JSON.stringify(document));
    records.push({
      record: 'check',
      ...stamp(number),
      id,
      verdict: document.verdict,
      reason: document.reason,
      path: file,
    });
  }
  records.push(
    {
      record: 'skipped',
      ...stamp(600),
      trigger: 'first-chance',
      exceptionType: 'System.Collections.Generic.KeyNotFoundException',
      why: 'per-place',
      count: 312,
    },
    {
      record: 'problem',
      ...stamp(601),
      what: 'capture 0007 failed',
      where: 'process 4242',
      why: 'the disk is full (ENOSPC)',
      cure: 'Free some space, or write elsewhere with -x FOLDER.',
    },
    {
      record: 'end',
      ...stamp(702),
      exitCode: 93,
      verdict: 'LEAK',
      reason: 'GET /orders/3 could not be checked: the target ended with exit code 134',
      captures: size.captures,
      checks: size.checks,
      problems: 1,
    },
  );
  writeFileSync(path.join(folder, 'manifest.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}
