import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Engine } from '@firstchance/engine';
import { writeHeapFile } from '@firstchance/heap';
import type { CaptureDetail, CaptureRecord, ResultRecord } from '@firstchance/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shop } from '../testing/shop-heap.ts';
import { readReport } from './read-report.ts';
import { addRetainedSizes } from './retained-sizes.ts';

let folder: string;
/** Captures whose dumps were read, in order. */
let read: string[];
let works: Set<string>;
/** Called before a graph is made. */
let before: (id: string) => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-retained-'));
  read = [];
  works = new Set();
  before = () => {};
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openEngine = async () =>
  ({
    heapGraph: async (file: string, output: string, { signal }: { signal: AbortSignal }) => {
      const id = basename(dirname(file));
      expect(statSync(file).isFile()).toBe(true);
      works.add(dirname(output));
      read.push(id);
      before(id);
      signal.throwIfAborted();
      await writeHeapFile(output, shop(4));
      return {};
    },
    [Symbol.asyncDispose]: async () => {},
  }) as unknown as Engine;

const stamp = { schema: 1, session: 's1', time: '2026-11-24T13:05:25.123Z' } as const;

function capture(id: string, kind: 'mini' | 'heap' | 'full' | 'focus' = 'heap', path = `captures/${id}/dump.core.zst`) {
  const record: CaptureRecord = {
    ...{ record: 'capture', ...stamp, time: `2026-11-24T13:05:${id.slice(2, 4)}.123Z`, id, pid: 7 },
    ...{ test: null, thread: null, exception: null },
    process: { name: 'app', commandLine: ['app'], runtime: '10.0.12', architecture: 'x64' },
    trigger: { kind: 'first-chance', detail: '' },
    ...{ pauseMs: 6.1, captureMethod: 'clone', gc: 'idle', durationMs: 78 },
    dump: { kind, path, bytes: 3, rawBytes: 9, leftOut: [] },
  };
  const detail: CaptureDetail = { ...record, threads: [], awaiting: [], topTypes: [], modules: [], notes: ['kept'] };
  mkdirSync(join(folder, 'captures', id), { recursive: true });
  writeFileSync(join(folder, 'captures', id, 'dump.core.zst'), 'dump');
  writeFileSync(join(folder, 'captures', id, 'capture.json'), JSON.stringify(detail));
  return record;
}

const result = (captureId: string, testState: string): ResultRecord => ({
  ...{ record: 'result', ...stamp, captureId, kept: true, testState },
});

const session = (...records: object[]) =>
  writeFileSync(join(folder, 'manifest.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));

const detailOf = (id: string) =>
  JSON.parse(readFileSync(join(folder, 'captures', id, 'capture.json'), 'utf8')) as CaptureDetail;

const add = async (signal = new AbortController().signal) => {
  const { captures } = await readReport(folder);
  return await addRetainedSizes({ folder, captures, openEngine, signal });
};

describe('retained sizes', () => {
  it('are added to captures of the whole heap, the rest of capture.json stays; nothing is left behind', async () => {
    session(capture('0001-a'), capture('0002-b', 'mini'), capture('0003-c', 'focus'), capture('0004-d', 'full'));
    expect(await add()).toBe(0);
    expect(detailOf('0001-a').notes).toEqual(['kept']);
    expect(detailOf('0001-a').dominators?.[0]).toMatchObject({
      type: 'System.Collections.Generic.List<Shop.Session>',
      children: [{ type: 'Shop.Session[]', children: [{ type: 'Shop.Session' }] }],
    });
    expect(['0002-b', '0003-c'].map((id) => detailOf(id).dominators)).toEqual([undefined, undefined]);
    expect(detailOf('0004-d').dominators).toHaveLength(2);
    expect(readdirSync(join(folder, 'captures', '0001-a')).sort()).toEqual(['capture.json', 'dump.core.zst']);
    for (const work of works) expect(() => statSync(work)).toThrow('ENOENT');
  });

  it('come to failed tests first, then to what is newest', async () => {
    session(capture('0001-a'), capture('0002-b'), capture('0003-c'), result('0001-a', 'failed'));
    await add();
    expect(read).toEqual(['0001-a', '0003-c', '0002-b']);
  });

  it('are not read twice', async () => {
    session(capture('0001-a'));
    await add();
    await add();
    expect(read).toEqual(['0001-a']);
  });

  it('of a dump that cannot be read are left out, the others come', async () => {
    session(capture('0001-a'), capture('0002-b'));
    before = (id) => {
      if (id === '0002-b') throw new Error('cut off');
    };
    expect(await add()).toBe(1);
    expect(detailOf('0001-a').dominators).toBeDefined();
    expect(detailOf('0002-b').dominators).toBeUndefined();
  });

  it('end when they take too long, with what is done', async () => {
    session(capture('0001-a'), capture('0002-b'), capture('0003-c'));
    const stop = new AbortController();
    before = (id) => {
      if (id === '0002-b') stop.abort();
    };
    expect(await add(stop.signal)).toBe(2);
    expect(read).toEqual(['0003-c', '0002-b']);
    expect(detailOf('0003-c').dominators).toBeDefined();
  });

  it('of somebody else never read outside the folder of the capture', async () => {
    session(capture('0001-a', 'heap', '../../../../etc/dump.core.zst'));
    await add();
    expect(read).toEqual(['0001-a']);
  });
});
