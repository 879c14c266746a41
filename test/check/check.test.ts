import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type GrowthCheck, growthCheckSchema } from '@firstchance/model';
import { describe, expect, test } from 'vitest';
import { fixture, readManifest } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';
import { inMatrix } from '../support/scope.ts';

const shop = async () => ['dotnet', fixture('growth-web'), '--urls', `http://127.0.0.1:${await freePort()}`];
const operation = (kind: string) => `POST /run?kind=${kind}&n={n}`;

/** Who allocates what grows is not of interest: the verdict comes some seconds earlier. */
const NO_STACKS = ['--no-allocations', '--native-stacks', 'off'];

/** A check of one kind of operation in the shop, as people run it, with its JSON. */
async function check(kind: string, ...options: string[]) {
  using sandbox = new Sandbox();
  const args = ['check', '--json', '--op', operation(kind), ...options, '-x', sandbox.session, '--', ...(await shop())];
  const outcome = await sandbox.firstchance(args);
  expect(sandbox.leftovers()).toEqual([]);
  const result = JSON.parse(outcome.stdout) as GrowthCheck;
  expect(growthCheckSchema.safeParse(result).error).toBeUndefined();
  const records = readManifest(sandbox.session);
  const record = records.find((one) => one.record === 'check');
  expect(JSON.parse(readFileSync(path.join(sandbox.session, String(record?.path)), 'utf8'))).toEqual(result);
  expect(records.at(-1)).toMatchObject({ record: 'end', exitCode: outcome.code, checks: 1 });
  const graphs = result.graphs && existsSync(path.join(sandbox.session, result.graphs.after));
  return { ...outcome, result, graphs };
}

test('a leak into a static list is named: type, rate, static, path', async () => {
  const { code, stderr, result, graphs } = await check('leak-static');
  expect(stderr).toContain('LEAK: Shop.Session +1.00 per operation');
  expect(code).toBe(90);
  const [first] = result.growth;
  expect(first).toMatchObject({ channel: 'instances', type: 'Shop.Session', pattern: 'static-collection' });
  expect(first?.perOperation).toBeCloseTo(1, 1);
  expect(first?.path?.[0]).toBe('static Shop.Store.s_sessions');
  expect(first?.container).toContain('List');
  expect(first?.cure).toMatch(/limit above \d{2,}, .* --surge COUNT does more\.$/);
  // Sessions are created in five places; two of them have to do with the store.
  const source = readFileSync(path.join(path.dirname(fixture('growth-web')), '../Operations.cs'), 'utf8').split('\n');
  const lines = source.flatMap((line, index) =>
    line.includes('Store.s_sessions.Add(new Session(') ? [index + 1] : [],
  );
  expect(first?.createdIn).toMatchObject({ places: lines.map((line) => ({ line })), of: 5, sure: false });
  expect(graphs).toBe(true);
});

test('a subscriber that never leaves is an event handler', async () => {
  const { code, result } = await check('leak-event', ...NO_STACKS);
  expect(code).toBe(90);
  expect(result.growth.find(({ type }) => type === 'Shop.Subscriber')).toMatchObject({ pattern: 'event-handler' });
});

describe('what keeps nothing passes', () => {
  test.each(['ok', 'cache'])('%s', async (kind) => {
    const { code, stderr, result } = await check(kind);
    expect(stderr).toContain('PASS: ');
    expect(result.verdict).toBe('PASS');
    expect(code).toBe(0);
    expect(result.minimumDetectable.instancesPerOperation).toBeGreaterThan(0);
  });
});

// In quick mode it is below: "what is lost".
test.runIf(inMatrix)('native memory is found by its bytes, thoroughly too', async () => {
  const { code, result } = await check('leak-native', '--thorough', '--dose', '100', ...NO_STACKS);
  expect(code).toBe(90);
  const native = result.growth.find(({ channel }) => channel === 'mallocBytes');
  expect(native?.perOperation).toBeGreaterThan(3000);
  expect(native?.perOperation).toBeLessThan(6000);
});

describe('native memory is told with who holds it', () => {
  const native = ({ growth }: GrowthCheck) => growth.filter(({ nativeOwner }) => nativeOwner !== undefined);

  test('objects that grow and point to it say how much it is', async () => {
    const { code, stderr, result } = await check('leak-native-owner', ...NO_STACKS);
    expect(code).toBe(90);
    expect(stderr).toMatch(
      /^LEAK: Shop\.NativeBuffer \+1\.00 per operation \(24 B and 6\d kB of native memory\), held by static Shop\.NativeBuffer\.s_all$/m,
    );
    const [first] = result.growth;
    expect(first).toMatchObject({ channel: 'instances', type: 'Shop.NativeBuffer' });
    expect(first?.nativeBytesPerOperation).toBeGreaterThan(60_000);
    expect(native(result)).toMatchObject([
      {
        ...{ channel: 'mallocBytes', type: 'Shop.NativeBuffer', heldBy: 'Shop.NativeBuffer', pattern: 'native-owner' },
        path: ['static Shop.NativeBuffer.s_all', 'List<NativeBuffer>', 'NativeBuffer[]', 'NativeBuffer'],
        nativeOwner: { by: 'type' },
      },
    ]);
    expect(stderr).toMatch(/native memory: objects of Shop\.NativeBuffer point to (9\d|100) % of what was added/);
  });

  test.runIf(inMatrix)(
    'pages mapped by handles that nobody disposes are those of the objects that have the handles',
    async () => {
      const { code, stderr, result } = await check('leak-mapping');
      expect(code).toBe(90);
      expect(stderr).toMatch(/^LEAK: Shop\.Picture \+1\.00 per operation \(\d+ B and 6\d kB of native memory\)/m);
      expect(native(result).find(({ channel }) => channel === 'privateBytes.other')).toMatchObject({
        ...{
          type: 'Shop.MappedMemory',
          heldBy: 'Shop.MappedMemory',
          pattern: 'native-owner',
          nativeOwner: { by: 'type' },
        },
        path: expect.arrayContaining(['static Shop.Picture.s_album', 'Picture', 'MappedMemory']),
      });
      const handle = result.growth.find(({ type, channel }) => channel === 'instances' && type === 'Shop.MappedMemory');
      expect(handle?.nativeBytesPerOperation).toBeGreaterThan(60_000);
    },
  );

  test('one object whose native memory grows is named, though no object is added', async () => {
    const { code, stderr, result } = await check('leak-native-list', ...NO_STACKS);
    expect(code).toBe(90);
    expect(stderr).toMatch(
      /^LEAK: native heap \(malloc\) of Shop\.NativeLog \+2\.\d kB per operation, held by static Shop\.NativeLog\.s_log$/m,
    );
    expect(result.growth[0]).toMatchObject({
      ...{ channel: 'mallocBytes', type: 'Shop.NativeLog', path: ['static Shop.NativeLog.s_log', 'NativeLog'] },
      ...{ pattern: 'native-owner', nativeOwner: { by: 'type' } },
    });
    expect(result.growth[0]?.nativeOwner?.says).toContain('likely, not certain');
  });

  test('what is lost is said to be', async () => {
    const { code, stderr, result } = await check('leak-native', ...NO_STACKS);
    expect(code).toBe(90);
    expect(stderr).toMatch(/^LEAK: native heap \(malloc\) \+4\.\d kB per operation, held by no managed object$/m);
    expect(native(result)).toMatchObject([{ channel: 'mallocBytes', nativeOwner: { by: 'nothing' } }]);
    expect(result.growth[0]?.type).toBeUndefined();
    expect(stderr).toContain('no managed object points to it: it is lost, or native code owns it');
  });
});

test('a file descriptor per operation', async () => {
  const { code, result } = await check('leak-fd', '--dose', '10', ...NO_STACKS);
  expect(code).toBe(90);
  expect(result.growth[0]).toMatchObject({ channel: 'fileDescriptors' });
});

test('what grows with time, and not with operations, is another verdict', async () => {
  const { code, result } = await check('idle-grower');
  expect(result.verdict).toBe('GROWS_WHILE_IDLE');
  expect(code).toBe(91);
});

test('operations that fail are no pass', async () => {
  const { code, result, stderr } = await check('error');
  expect(code).toBe(93);
  expect(result.verdict).toBe('INFRASTRUCTURE_ERROR');
  expect(result.reason).toMatch(/failed: POST \/run\?kind=error&n=\{n\} answered 500: the shop cannot do error/);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^exit code 93: INFRASTRUCTURE ERROR/);
});

test('a program that does not start is told with its last words', async () => {
  using sandbox = new Sandbox();
  const args = ['check', '--op', operation('ok'), '-x', sandbox.session, '--', ...(await shop())];
  const { code, stderr } = await sandbox.firstchance(args, { env: { GROWTH_WEB_REFUSES: 'the till is locked' } });
  expect(code).toBe(93);
  expect(stderr).toMatch(/ended with 3; the last it wrote: the till is locked/);
  expect(sandbox.leftovers()).toEqual([]);
});

test('Ctrl-C ends the check and the program, and leaves nothing', async () => {
  using sandbox = new Sandbox();
  const args = ['check', '--op', operation('ok'), '-x', sandbox.session, '--', ...(await shop())];
  const running = sandbox.start(args);
  await running.until('firstchance checks');
  running.child.kill('SIGINT');
  const { code, stderr } = await running.end();
  expect(code).toBe(93);
  expect(stderr).toContain('it was cancelled: SIGINT');
  expect(sandbox.leftovers()).toEqual([]);
});
