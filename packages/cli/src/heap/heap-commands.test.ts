import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine } from '@firstchance/engine';
import { readGcdump, writeHeapFile } from '@firstchance/heap';
import { type CaptureDetail, heapDiffResultSchema, heapPathResultSchema, heapResultSchema } from '@firstchance/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliPorts } from '../ports.ts';
import { main } from '../program.ts';
import { heapOf, shop } from '../testing/shop-heap.ts';

let folder: string;
let out: string;
let err: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-heap-'));
  await writeHeapFile(join(folder, 'before.fch'), shop(3));
  await writeHeapFile(join(folder, 'after.fch'), shop(8));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let graphFolder: string | undefined;
/** Makes graphs as the engine does. */
const engine = {
  heapGraph: async (_file: string, output: string) => {
    graphFolder = dirname(output);
    await writeHeapFile(output, shop(4));
    return { bytes: 0, objects: 0, references: 0, complete: true, why: '', notes: [] };
  },
  unpackDump: async () => 7,
  [Symbol.asyncDispose]: async () => {},
} as unknown as Engine;

async function firstchance(...args: string[]): Promise<number> {
  out = '';
  err = '';
  const surroundings = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    ...{ environment: {}, folder, version: '1.2.3' },
  };
  return main(args, surroundings, async () => ({ openEngine: async () => engine }) as unknown as CliPorts);
}

describe('firstchance heap', () => {
  it('says what is there and what holds it', async () => {
    expect(await firstchance('heap', 'after.fch')).toBe(0);
    expect(out).toContain('7 dead objects of 224 B wait for a collection');
    expect(out).toMatch(/^ +9 +288 B +544 B +Shop\.Session$/m);
    expect(out).toContain('static Shop.Store.s_sessions → List<Session>');
    expect(out).toMatch(/8 × Session$/m);
  });

  it('answers as JSON of its schema, and keeps to --top', async () => {
    expect(await firstchance('heap', '--json', '--top', '2', 'after.fch')).toBe(0);
    const result = heapResultSchema.parse(JSON.parse(out));
    expect([result.typeCount, result.types.length, result.dominators.length]).toEqual([4, 2, 2]);
    expect(result.dominators[0]?.path).toEqual(['static Shop.Store.s_sessions', 'List<Session>']);
  });

  it('says who holds native memory, where the file does', async () => {
    const total = { blocks: 9, bytes: 80_000, heldBytes: 64_000 };
    const nothing = { blocks: 0, bytes: 0, heldBytes: 0 };
    const native = {
      ...{ totals: { malloc: total, anonymous: nothing, file: nothing }, why: '', count: 2 },
      ...{
        node: (entry: number) => 2 + 2 * entry,
        kind: () => 'malloc' as const,
        depth: (entry: number) => 1 + 4 * entry,
      },
      bytes: () => 32_000,
    };
    await writeHeapFile(join(folder, 'native.fch'), { ...shop(8), native });
    expect(await firstchance('heap', 'native.fch')).toBe(0);
    expect(out).toContain('who holds native memory (80 kB; no managed object leads to 16 kB)');
    expect(out).toMatch(/^ +2 +64 kB +32 kB +Shop\.Session$/m);
    expect(await firstchance('heap', '--json', 'native.fch')).toBe(0);
    expect(heapResultSchema.parse(JSON.parse(out)).native).toEqual({
      ...{ bytes: 80_000, unheldBytes: 16_000, why: '', ownerCount: 1 },
      owners: [{ type: 'Shop.Session', module: 'Shop.dll', objects: 2, bytes: 64_000, sureBytes: 32_000 }],
    });
    expect(await firstchance('heap', '--json', 'after.fch')).toBe(0);
    expect(heapResultSchema.parse(JSON.parse(out)).native).toBeNull();
  });

  it('writes and reads .gcdump', async () => {
    expect(await firstchance('heap', '--gcdump', 'x.gcdump', 'after.fch')).toBe(0);
    expect((await readGcdump(join(folder, 'x.gcdump'))).nodeCount).toBe(19);
    expect(err).toContain('x.gcdump written');
    expect(await firstchance('heap', '--gcdump', 'x.gcdump', 'after.fch')).toBe(64);
    expect(err).toMatch(/x\.gcdump exists already/);
    expect(await firstchance('heap', 'x.gcdump')).toBe(0);
    expect(out).toContain('static Shop.Store.s_sessions → List<Session>');
  });

  it.each(['dump.core', 'captured'])(
    'has the engine make the graph of a core, in a folder that is gone then: %s',
    async (name) => {
      if (name === 'captured') mkdirSync(join(folder, name));
      writeFileSync(join(folder, name === 'captured' ? 'captured/dump.core' : name), '\u007fELF and so on');
      graphFolder = undefined;
      expect(await firstchance('heap', name)).toBe(0);
      expect(out).toMatch(/4 × Session$/m);
      expect(graphFolder).toBeDefined();
      expect(existsSync(graphFolder ?? '')).toBe(false);
    },
  );
});

describe('a dump of a session', () => {
  const captured: CaptureDetail = {
    ...{ record: 'capture', schema: 1, session: 's1', time: '2026-11-25T02:11:12.000Z', id: '0001', pid: 1234 },
    ...{ test: null, thread: null, exception: null, trigger: { kind: 'manual', detail: '' }, dump: null },
    process: { name: 'checkout', commandLine: ['checkout'], runtime: '9.0.1', architecture: 'arm64' },
    ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle', durationMs: 78 },
    ...{ threads: [], awaiting: [], topTypes: [], modules: [], notes: [] },
  };
  it.each([
    ['whole', JSON.stringify(captured), 'checkout (pid 1234), .NET 9.0.1, arm64', '2026-11-25T02:11:12.000Z: '],
    ['of another form', '{"time":"now","process":{"name":"checkout"}}', 'shop (pid 1234)', '\n  11 objects'],
    ['cut off', '{ cut off', 'shop (pid 1234)', '\n  11 objects'],
  ])(
    'is of the time and the program that its capture says, not of the time it is read: %s',
    async (_, text, name, when) => {
      mkdirSync(join(folder, 'captured'));
      writeFileSync(join(folder, 'captured/dump.core'), '\u007fELF and so on');
      writeFileSync(join(folder, 'captured/capture.json'), text);
      expect(await firstchance('heap', 'captured')).toBe(0);
      expect(out).toContain(name);
      expect(out).toContain(when);
    },
  );

  it('is unpacked by its folder', async () => {
    mkdirSync(join(folder, 'captured'));
    expect(await firstchance('unpack', 'captured')).toBe(64);
    expect(err).toContain('captured holds no dump.core.zst');
    writeFileSync(join(folder, 'captured/dump.core.zst'), 'zst');
    expect(await firstchance('unpack', 'captured')).toBe(0);
    expect(out).toContain(`${join(folder, 'captured/dump.core')} (7 B)`);
  });
});

describe('firstchance diff', () => {
  it('names the type that grew, what holds it and what helps', async () => {
    expect(await firstchance('diff', 'before.fch', 'after.fch')).toBe(0);
    expect(out).toMatch(/^1\. Shop\.Session {2}\+5 objects, \+160 B, retaining \+320 B$/m);
    expect(out).toContain(
      '     static Shop.Store.s_sessions\n       List<Session>\n         Session[]\n           Session\n',
    );
    expect(out).toContain('collection that grew: System.Collections.Generic.List<Shop.Session>');
    expect(out).toMatch(/static collection: Remove /);
    expect(out).toMatch(/^ *3 → 8 +\+320 B {2}static Shop\.Store\.s_sessions → List<Session>$/m);
  });

  it('answers as JSON of its schema', async () => {
    expect(await firstchance('diff', '--json', 'before.fch', 'after.fch')).toBe(0);
    const result = heapDiffResultSchema.parse(JSON.parse(out));
    expect(result.growth.map(({ type }) => type)).toEqual(['Shop.Session', 'Shop.SessionKey']);
    expect(result.changedTypes).toBe(2);
  });
});

describe('firstchance path', () => {
  it('shows the ways to the objects of a type', async () => {
    expect(await firstchance('path', '--type', 'Shop.Session', 'after.fch')).toBe(0);
    expect(out).toContain('8 objects, 256 B, retaining 512 B');
    expect(out).toContain('1 object, 32 B, retaining 32 B');
    expect(out).toContain('  stack\n    Session\n');
    expect(await firstchance('path', '--json', '--type', 'SessionKey', 'after.fch')).toBe(0);
    const result = heapPathResultSchema.parse(JSON.parse(out));
    expect(result.paths[0]?.path).toEqual([
      ...['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session', 'SessionKey'],
    ]);
  });

  it('names what the one service keeps, not the timer that the service is reached by', async () => {
    const names = ['System.Threading.TimerQueueTimer', 'Shop.Desk', 'System.Collections.Generic.List<Shop.Session>'];
    const types = [...names, 'Shop.Session[]', 'Shop.Session'];
    const roots = [{ node: 0, kind: 1, name: 'static System.Threading.TimerQueue.s_all' }];
    const references = [[1], [2], [3], [4, 5, 6], [], [], []];
    await writeHeapFile(join(folder, 'served.fch'), heapOf(types, [0, 1, 2, 3, 4, 4, 4], references, roots));
    expect(await firstchance('path', '--json', '--type', 'Shop.Session', 'served.fch')).toBe(0);
    expect(heapPathResultSchema.parse(JSON.parse(out)).paths[0]?.pattern).toBe('static-collection');
  });

  it('shows one object and all that refers to it', async () => {
    expect(await firstchance('path', '--address', '0x7f0000000080', 'after.fch')).toBe(0);
    expect(out).toContain('        0x7f0000000080 Shop.Session');
    expect(out).toContain('all that refers to it\n  1 × Shop.Session[]');
  });
});

it.each([
  [['heap', 'none'], 'there is no file or folder none'],
  [['heap', '.'], '. holds no heap.fch and no dump'],
  [['heap', 'other'], 'other is no heap.fch, no .gcdump and no core dump'],
  [['heap', 'cut'], /it ends after 500 of \d+ bytes/],
  [['heap', '--top', '0', 'after.fch'], /write a whole number from 1/],
  [['path', 'after.fch'], 'name what is looked for with --type TYPE or --address ADDRESS'],
  [['path', '--type', 'Gone', 'after.fch'], 'no object of a type "Gone" is in use'],
  [['path', '--type', 'sess', 'after.fch'], /"sess" may be Shop\.Session or Shop\.Session\[\] or /],
  [['path', '--address', 'soon', 'after.fch'], '--address is "soon"; write it in hexadecimal'],
  [['path', '--address', '7f0000000081', 'after.fch'], 'no object in use begins at 0x7f0000000081'],
])('%j is wrong usage in one sentence', async (args, message) => {
  writeFileSync(join(folder, 'other'), 'something else altogether');
  const bytes = readFileSync(join(folder, 'after.fch'));
  writeFileSync(join(folder, 'cut'), bytes.subarray(0, 500));
  expect(await firstchance(...args)).toBe(64);
  expect(err).toMatch(/^firstchance: [^\n]+\n$/);
  if (typeof message === 'string') expect(err).toContain(message);
  else expect(err).toMatch(message);
});
