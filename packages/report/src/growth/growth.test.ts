import type { Growth, GrowthCheck, HarmlessGrowth, Round } from '@firstchance/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainStyle } from '../terminal/style.ts';
import { width } from '../text/fit.ts';
import { wrap } from '../text/wrap.ts';
import { checkLines } from './check-lines.ts';
import { headline } from './headline.ts';
import { growthProgressLine } from './progress-line.ts';
import { sparkline } from './sparkline.ts';

const rounds: Round[] = Array.from({ length: 20 }, (_, index) => ({
  ...{
    index,
    phase: index < 6 ? 'warm-up' : 'measure',
    dose: [0, 100, 200][index % 3] ?? 0,
    durationMs: 41,
    pauseMs: 5.2,
  },
  channels: { instances: 10_000 + index * 100, mallocBytes: 3e6 + Math.round(Math.sin(index) * 1e5) },
}));

const session: Growth = {
  ...{ channel: 'instances', type: 'Shop.Session', module: 'Shop.dll', follows: 'operation', perOperation: 1 },
  ...{ bytesPerOperation: 40, retainedBytesPerOperation: 340, low: 0.98, high: 1.02 },
  container: 'System.Collections.Generic.List<Shop.Session>',
  path: ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session'],
  createdIn: {
    places: [{ method: 'Shop.SignIn+<>c.<Map>b__2_0', file: '/src/shop/SignIn.cs', line: 42 }],
    ...{ of: 1, sure: true },
  },
  pattern: 'static-collection',
  cure: 'Remove what is done with from the collection, or let the collection live as long as one operation.',
  owner: ['Shop.Store.Open (Store.cs:42)', 'Shop.Login.EnterAsync (Login.cs:17)', 'Program.<Main>$ (Program.cs:3)'],
  fingerprint: '6f2b1c0d9e8f7a6b5c4d',
};
const service: Growth = {
  ...session,
  path: [
    'static System.Net.Sockets.SocketAsyncEngine.s_registeredContexts',
    'SocketAsyncContext',
    'Watcher',
    'Session',
  ],
  keptBy: 'Shop.Watcher',
};
const native: Growth = {
  ...{
    channel: 'mallocBytes',
    follows: 'operation',
    perOperation: 4012,
    bytesPerOperation: 4012,
    low: 3950,
    high: 4100,
  },
  fingerprint: '00112233445566778899',
};
const leak: GrowthCheck = {
  ...{ schema: 1, verdict: 'LEAK', reason: 'Shop.Session grows by 1 per operation.', mode: 'quick', operations: 2400 },
  ...{ verifiedOperations: 1800, seed: 42, rounds, growth: [session, native], name: 'POST /run' },
  harmless: [
    {
      ...session,
      type: 'Shop.CacheEntry',
      perOperation: 0.52,
      why: 'it reached a limit: in the surge it grew no more',
    },
    { ...native, channel: 'threads', perOperation: 0.05, why: 'threads of the pool' },
  ],
  accepted: [
    {
      ...session,
      type: 'Shop.Audit',
      by: 'suppression',
      why: 'kept for the audit, see https://shop.test/12',
      where: 'known.yaml:3',
    },
  ],
  minimumDetectable: { instancesPerOperation: 0.0017, managedBytesPerOperation: 24, nativeBytesPerOperation: 130 },
  notMeasured: ['handles'],
  notes: ['known.yaml:9: this suppression matched nothing (old)'],
};
const pass: GrowthCheck = {
  ...leak,
  ...{
    verdict: 'PASS',
    reason: 'Nothing grows with the operations.',
    growth: [],
    accepted: [],
    notes: [],
    notMeasured: [],
  },
};
const broken: GrowthCheck = {
  ...pass,
  ...{ verdict: 'INFRASTRUCTURE_ERROR', rounds: [], harmless: [] },
  reason:
    'Doing 20 operations on Shop (pid 7) in round 3 (warm-up): 3 of 3 failed: POST /run answered 500: out of stock',
  cure: 'make the operation succeed whenever it is repeated; a verdict on work that was not done would mean nothing',
};

describe.each([80, 200, Number.POSITIVE_INFINITY])('at %d columns', (columns) => {
  const style = plainStyle(columns);
  const name = Number.isFinite(columns) ? columns : 'log';
  it.each(Object.entries({ leak, pass, broken }))('%s', async (kind, check) => {
    await expect(`${checkLines(check, style).join('\n')}\n`).toMatchFileSnapshot(`golden/${kind}-${name}.txt`);
  });

  it('progress', async () => {
    const suspects = [
      { channel: 'instances', type: 'Shop.Session', perOperation: 1 },
      { channel: 'fileDescriptors', perOperation: 0.5 },
      { channel: 'threads', perOperation: 0.05 },
    ];
    const lines = [
      growthProgressLine({ done: 0, expected: 18, phase: 'warm-up', suspects: [], leftMs: null }, style),
      growthProgressLine({ done: 14, expected: 30, phase: 'measure', suspects, leftMs: 12_400 }, style),
      growthProgressLine({ done: 30, expected: 30, phase: 'end', suspects: suspects.slice(0, 1), leftMs: 0 }, style),
    ];
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/progress-${name}.txt`);
    for (const line of lines) expect(width(line)).toBeLessThan(columns);
  });
});

it('what the verdict says of its evidence is not said twice', () => {
  const said = {
    ...pass,
    verifiedOperations: 500,
    reason: 'Nothing grows with the operations: verified to 500 operations.',
  };
  const lines = checkLines(said, plainStyle());
  expect(lines.filter((line) => line.includes('verified to'))).toHaveLength(1);
  expect(lines.some((line) => line.includes('rounds, quick, seed'))).toBe(true);
});

it('of what nobody is known to allocate, the one who allocates what it holds', () => {
  const { owner = [], ...unknown } = session;
  const buffer: Growth = { ...unknown, type: 'System.Byte[]', owner, heldBy: 'Shop.Session', fingerprint: 'b0ff' };
  const lines = (growth: readonly Growth[]) => checkLines({ ...leak, growth: [...growth] }, plainStyle(100));
  expect(lines([unknown, buffer])).toContain('  its System.Byte[] is allocated by Shop.Store.Open (Store.cs:42)');
  expect(lines([session, buffer]).filter((line) => line.includes('allocated by'))).toEqual([
    '  allocated by Shop.Store.Open (Store.cs:42)',
  ]);
  expect(lines([unknown]).join()).not.toContain('allocated');
});

it('the verdict in one line', () => {
  expect(headline({ ...leak, growth: [session] })).toBe(
    'LEAK: Shop.Session +1.00 per operation (340 B), held by static Shop.Store.s_sessions',
  );
  expect(headline({ ...leak, growth: [service] })).toMatch(/, held by Shop\.Watcher$/);
  expect(headline({ ...leak, growth: [native] })).toBe('LEAK: native heap (malloc) +4.0 kB per operation');
  const tick: Growth = { ...session, follows: 'time', perSecond: 200, path: [] };
  expect(headline({ ...leak, verdict: 'GROWS_WHILE_IDLE', growth: [tick] })).toBe(
    'GROWS WHILE IDLE: Shop.Session +200 per second, whatever is asked of it',
  );
  expect(headline({ ...leak, growth: [{ ...session, follows: 'round', perRound: 2 }] })).toContain(
    '+2.00 per round with work',
  );
  const sockets: Growth = { ...native, channel: 'sockets', perOperation: 1, owner: ['Shop.Stats.Send (Stats.cs:3)'] };
  expect(headline({ ...leak, growth: [sockets] })).toMatch(
    /^LEAK: sockets .*, taken by Shop\.Stats\.Send \(Stats\.cs:3\)$/,
  );
  expect(headline({ ...leak, growth: [{ ...sockets, owner: ['System.Net.Sockets.Socket.Bind'] }] })).not.toContain(
    'taken',
  );
  expect(headline(pass)).toBe('PASS: Nothing grows with the operations');
});

it('what follows time is shown by the second, without shares of operations', () => {
  const tick: Growth = { ...session, follows: 'time', perSecond: 200, perOperation: -0.04 };
  const lines = (growth: readonly Growth[]) =>
    checkLines({ ...leak, verdict: 'GROWS_WHILE_IDLE', growth: [...growth] }, plainStyle(100));
  const [title, row] = lines([tick]).slice(2);
  expect(title).toMatch(/^grows +per second/);
  expect(title).not.toMatch(/per operation|bytes/);
  expect(row).toMatch(/^Shop\.Session +\+200( |$)/);
  const both = lines([{ ...native }, tick]).slice(2);
  expect(both[0]).toMatch(/per operation/);
  expect(both[2]).toMatch(/^Shop\.Session +\+200\/s +- +-/);
});

describe('native memory', () => {
  const says = 'objects of Shop.Buffer point to 98 % of what was added';
  const owned: Growth = {
    ...{ ...native, type: 'Shop.Buffer', module: 'Shop.dll', path: ['static Shop.Store.s_buffer', 'Buffer'] },
    ...{ pattern: 'native-owner', cure: 'Dispose the object.', nativeOwner: { by: 'type', share: 0.98, says } },
  };

  it('is named after the objects that hold it', () => {
    expect(headline({ ...leak, growth: [owned] })).toBe(
      'LEAK: native heap (malloc) of Shop.Buffer +4.0 kB per operation, held by static Shop.Store.s_buffer',
    );
    const lines = checkLines({ ...leak, growth: [owned] }, plainStyle(100));
    expect(lines).toContain(`  native memory: ${says}`);
    expect(lines).toContain('  native-owner: Dispose the object.');
  });

  it('stands with the objects that grow, which say how much it is', () => {
    const objects: Growth = { ...session, type: 'Shop.Buffer', nativeBytesPerOperation: 4000 };
    const growth = [objects, { ...owned, heldBy: 'Shop.Buffer' }];
    expect(headline({ ...leak, growth })).toBe(
      'LEAK: Shop.Buffer +1.00 per operation (340 B and 4.0 kB of native memory), held by static Shop.Store.s_sessions',
    );
    const lines = checkLines({ ...leak, growth }, plainStyle(100));
    expect(lines.find((line) => line.startsWith('Shop.Buffer (+1 held by it)'))).toContain('4.3 kB');
    expect(lines).toContain('  holds native heap (malloc) of Shop.Buffer');
    expect(lines).toContain(`  native memory: ${says}`);
  });

  it('that nobody holds says so, and what helps', () => {
    const lost: Growth = {
      ...{ ...native, cure: 'Free what is allocated.' },
      nativeOwner: { by: 'nothing', share: 0.9, says: 'no managed object points to it' },
    };
    expect(headline({ ...leak, growth: [lost] })).toBe(
      'LEAK: native heap (malloc) +4.0 kB per operation, held by no managed object',
    );
    const lines = checkLines({ ...leak, growth: [lost] }, plainStyle(100));
    expect(lines).toContain('  native memory: no managed object points to it');
    expect(lines).toContain('  Free what is allocated.');
  });
});

describe('of much that grows', () => {
  const lines = (growth: readonly Growth[]) =>
    checkLines({ ...leak, growth: [...growth], harmless: [] }, plainStyle(120));
  const many = Array.from({ length: 40 }, (_, at) => ({ ...session, type: `Shop.Part${at}`, fingerprint: `f${at}` }));

  it('the first dozen stands in the table', () => {
    const shown = lines(many);
    expect(shown.filter((line) => /^Shop\.Part\d+ +\+/.test(line))).toHaveLength(12);
    expect(shown).toContain("28 more in the check's file");
    expect(lines(many.slice(0, 12)).join()).not.toContain('more in the check');
  });

  it('what comes with time has its rate per second, and a way of being held is told once', () => {
    const shown = lines([session, { ...session, follows: 'time', perSecond: 24.3, perOperation: 0.9 }]);
    expect(
      shown.filter((line) => /^Shop\.Session +\+/.test(line)).map((line) => line.split(/ {2,}/).slice(1, 3)),
    ).toEqual([
      ['+1.00', '0.98 … 1.02'],
      ['+24.3/s', '-'],
    ]);
    expect(shown.filter((line) => line.includes('fingerprint'))).toHaveLength(1);
  });

  it('what the platform holds is named by its property, and what is held tells where it is created', () => {
    const { createdIn, owner: _owner, ...timer } = { ...session, type: 'System.Threading.TimerQueueTimer' };
    const path = ['static System.Threading.TimerQueue.<Instances>k__BackingField', 'TimerQueueTimer'];
    const source = { ...timer, type: 'Shop.Deadline', heldBy: timer.type, fingerprint: 'd', createdIn };
    const shown = lines([{ ...timer, path }, source as Growth]);
    expect(shown[0]).toMatch(/, held by static System\.Threading\.TimerQueue\.Instances$/);
    expect(shown).toContain('  static System.Threading.TimerQueue.Instances');
    expect(shown).toContain('  its Shop.Deadline is created in lambda of Shop.SignIn.Map (SignIn.cs:42)');
  });

  it('nor beside that of a part of it', () => {
    const { createdIn, ...node } = { ...session, type: 'System.Node', owner: ['System.Collections.Map.Grow'] };
    const { owner: _owner, ...part } = { ...session, type: 'Shop.Weak', heldBy: 'System.Node', createdIn };
    const shown = lines([node, part as Growth]);
    expect(shown.join()).not.toContain('allocated by');
    expect(shown.join()).toContain('  its Shop.Weak is created in lambda of Shop.SignIn');
  });

  it('a stack without own code is not told beside the line that says "new"', () => {
    const owner = ['Microsoft.AspNetCore.Routing.EndpointMiddleware.Invoke', 'System.Threading.Thread.StartCallback'];
    expect(lines([{ ...session, owner }]).join()).not.toContain('allocated by');
    const { createdIn: _createdIn, ...unknown } = session;
    expect(lines([{ ...unknown, owner }]).join()).toContain('allocated by Microsoft.AspNetCore');
  });
});

it('of a long path root and end are shown, and how much is between', () => {
  const path = ['static Web.s_contexts', ...Array.from({ length: 20 }, (_, index) => `Web.Part${index}`), 'Shop.Page'];
  const lines = checkLines({ ...leak, growth: [{ ...session, path }] }, plainStyle(100));
  const steps = lines.filter((line) => /^ +(→|static )/.test(line)).map((line) => line.trim());
  expect(steps.slice(0, 3)).toEqual(['static Web.s_contexts', '→ (13 more)', '→ Web.Part13']);
  expect(steps).toHaveLength(10);
  expect(steps.at(-1)).toBe('→ Shop.Page');
});

it('hostile names are harmless, whatever the width', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[31m', '<script>', '\u202e', 'x'.repeat(5000)),
  );
  fc.assert(
    fc.property(text, fc.array(text), fc.integer({ min: 40, max: 200 }), (type, path, columns) => {
      const nativeOwner = { by: 'type' as const, share: 1, says: type };
      const names = { type, path, container: type, pattern: type, cure: type, fingerprint: type };
      const growth = { ...session, ...names, nativeOwner };
      const check = { ...leak, reason: type, growth: [growth], notes: path, cure: type };
      const lines = checkLines(check, plainStyle(columns));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      for (const line of lines.slice(1)) expect(width(line)).toBeLessThanOrEqual(columns);
    }),
    { numRuns: 50 },
  );
});

it('a sparkline goes from the least to the greatest, and keeps the end when it is squeezed', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([5, 5, 5], 10)).toBe('▁▁▁');
  expect(sparkline([0, undefined, 7], 10)).toBe('▁ █');
  expect(sparkline([0, 0, 0, 0, 0, 0, 0, 7], 4)).toBe('▁▁▁█');
  expect(sparkline([], 4)).toBe('');
});

it('a sentence is broken between words', () => {
  expect(wrap('  one two three', 9, '    ')).toEqual(['  one two', '    three']);
  expect(wrap('short', 80)).toEqual(['short']);
  expect(wrap('abcdefghij', 5)).toEqual(['abcd…']);
});

it('what did not follow the operations at all has no rate of them', () => {
  const drift: HarmlessGrowth = { ...session, type: 'System.RuntimeType', perOperation: 0, why: 'a single step' };
  const lines = checkLines({ ...leak, harmless: [drift] }, plainStyle(160));
  expect(lines).toContain('harmless: System.RuntimeType not with the operations: a single step');
});

it('of threads the place that starts them, before those of what else comes with them', () => {
  const { owner: _owner, ...held } = session;
  const at = (method: string) => ({ places: [{ method, file: '/src/Shop.cs', line: 7 }], of: 1, sure: false });
  const growth: Growth[] = [
    { channel: 'threads', perOperation: 1, low: 1, high: 1, follows: 'operation', fingerprint: 't' },
    { ...held, type: 'System.Threading.SemaphoreSlim', path: ['thread 12'], createdIn: at('Shop.Gate.Open') },
    { ...held, type: 'System.Threading.Thread', path: ['thread 12'], createdIn: at('Shop.Worker.Start') },
  ];
  const lines = checkLines({ ...leak, growth }, plainStyle(100));
  expect(lines.filter((line) => line.includes('created in')).map((line) => line.trim())).toEqual([
    'its System.Threading.Thread is perhaps created in Shop.Worker.Start (Shop.cs:7)',
  ]);
});
