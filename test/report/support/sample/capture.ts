import type { CaptureDetail } from '../../../../packages/model/src/index.ts';
import { moduleOf, stamp, TYPES } from './common.ts';
import { BLOCKED, frame, THROWS, WAITS } from './frames.ts';

const KINDS = ['unhandled', 'first-chance', 'deadline', 'first-chance', 'memory'] as const;

export function capture(number: number, next: () => number): CaptureDetail {
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
