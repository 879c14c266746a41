import type { HeapDiffResult, HeapFacts, HeapPathResult, HeapResult } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { plainStyle, type Style } from '../terminal/style.ts';
import { width } from '../text/fit.ts';
import { showHeapDiff } from './diff.ts';
import { showHeap } from './heap.ts';
import { showHeapPath } from './path.ts';
import { pathLine } from './path-lines.ts';

const facts: HeapFacts = {
  ...{ file: 'heap.fch', process: 'testhost', pid: 1234, runtime: '10.0.12', architecture: 'x64' },
  ...{ time: '2026-11-25T10:11:13.000Z', objects: 1_010_542, bytes: 57_400_000, references: 1_830_000 },
  ...{ complete: true, why: '', notes: [] },
};
const hostile = 'Evil.\u001b[2J\u202eType\r\nforged';
const session = ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session'];
const cache = [
  'static Shop.Catalogue.PageCache.s_pagesByCustomerAndLanguage',
  'ConcurrentDictionary<String,CachedPage>',
  'ConcurrentDictionary<String,CachedPage>+Tables',
  'ConcurrentDictionary<String,CachedPage>+VolatileNode[]',
  'ConcurrentDictionary<String,CachedPage>+Node',
  'CachedPage',
];
const type = (name: string, instances: number, bytes: number, retainedBytes: number | null) => ({
  ...{ type: name, module: 'Shop.dll', instances, bytes, retainedBytes },
});
const held = (name: string, instances: number, retainedBytes: number) => ({
  ...{ type: name, module: 'Shop.dll', instances, retainedBytes },
});

const heap: HeapResult = {
  schema: 1,
  heap: facts,
  unreachable: { instances: 17_431, bytes: 1_900_000 },
  typeCount: 1454,
  types: [
    type('System.String', 512_003, 30_100_000, 30_100_000),
    type('Shop.Session', 2000, 48_000, 44_900_000),
    type('System.Collections.Generic.Dictionary<System.String,Shop.Catalogue.CachedPage>+Entry[]', 3, 12_048, 90_000),
    type(hostile, 1, 24, 24),
  ],
  native: {
    ...{ bytes: 20_900_000, unheldBytes: 2_030_000, ownerCount: 12, why: 'it took longer than 3000 ms \u001b[2J' },
    owners: [
      { type: 'Shop.NativeBuffer', module: 'Shop.dll', objects: 220, bytes: 14_080_000, sureBytes: 14_080_000 },
      { type: 'System.Threading.Thread', module: '', objects: 10, bytes: 1_200_000, sureBytes: 46_000 },
      { type: hostile, module: '', objects: 1, bytes: 24, sureBytes: 0 },
    ],
  },
  dominators: [
    {
      ...held('Shop.Session[]', 1, 44_900_000),
      ...{ address: '0x7f12a4001e28', path: session.slice(0, 3) },
      children: [
        {
          ...held('Shop.Session', 2000, 44_800_000),
          children: [{ ...held('System.String', 40_000, 40_000_000), children: [] }],
        },
      ],
    },
    { ...held('Shop.Catalogue.CachedPage', 1, 900), address: '0x7f12a4001f00', path: cache, children: [] },
    { ...held(hostile, 1, 24), address: '0x7f12a4002f00', path: [], children: [] },
  ],
};

const totals = (instances: number, bytes: number, retainedBytes: number | null) => ({
  instances,
  bytes,
  retainedBytes,
});
const diff: HeapDiffResult = {
  schema: 1,
  before: facts,
  after: { ...facts, objects: 1_052_542, bytes: 59_000_000, complete: false, why: '2 holes in the large object heap' },
  growth: [
    {
      ...{ type: 'Shop.Session', module: 'Shop.dll', class: 'own', instances: 2000, bytes: 48_000 },
      ...{ retainedBytes: 1_500_000, container: 'System.Collections.Generic.List<Shop.Session>', path: session },
      ...{ pattern: 'static-collection', cure: 'Remove what is done with from the collection.', fingerprint: 'ab' },
    },
    {
      ...{ type: hostile, module: '', class: 'own', instances: 3, bytes: 72, retainedBytes: 72 },
      ...{ container: null, path: [], pattern: null, cure: '', fingerprint: 'cd' },
    },
  ],
  changedTypes: 31,
  types: [
    {
      ...{ type: 'Shop.Session', module: 'Shop.dll', unmoved: 17 },
      ...{ before: totals(1000, 24_000, 1_000_000), after: totals(3000, 72_000, 2_500_000) },
    },
    {
      ...{ type: hostile, module: '', unmoved: 0 },
      ...{ before: totals(9, 216, 216), after: totals(0, 0, 0) },
    },
  ],
  containers: [
    {
      ...{ type: 'System.Collections.Generic.List<Shop.Session>', path: session.slice(0, 2) },
      before: { objects: 1, elements: 1000, retainedBytes: 1_000_000 },
      after: { objects: 1, elements: 3000, retainedBytes: 2_500_000 },
    },
    {
      ...{ type: 'x', path: cache.slice(0, 2) },
      before: { objects: 1, elements: 7, retainedBytes: null },
      after: { objects: 1, elements: 9, retainedBytes: null },
    },
  ],
};

const path: HeapPathResult = {
  ...{ schema: 1, heap: { ...facts, notes: ['static roots of 2 load contexts have no names'] } },
  ...{ type: 'Shop.Session', module: 'Shop.dll', instances: 2001, bytes: 48_024, retainedBytes: 44_900_000 },
  createdIn: {
    places: [
      { method: 'Shop.SignIn.Open', file: '/src/shop/SignIn.cs', line: 42 },
      { method: hostile, file: hostile, line: null },
    ],
    ...{ of: 2, sure: true },
  },
  pathCount: 4,
  paths: [
    {
      ...{ path: session, rootKind: 'static', instances: 2000, bytes: 48_000, retainedBytes: 44_800_000 },
      ...{ example: '0x7f12a4001e28', pattern: 'static-collection', cure: 'Remove it.', fingerprint: 'ab' },
    },
    {
      ...{ path: cache, rootKind: 'static', instances: 1, bytes: 24, retainedBytes: null },
      ...{ example: '0x7f12a4001e40', pattern: null, cure: '', fingerprint: 'cd' },
    },
  ],
  object: null,
};
const object: HeapPathResult = {
  ...path,
  object: {
    ...{ address: '0x7f12a4001e28', bytes: 24, retainedBytes: 22_400, root: 'static Shop.Store.s_sessions' },
    path: [
      { type: 'System.Collections.Generic.List<Shop.Session>', address: '0x7f12a4000e28' },
      { type: hostile, address: '0x7f12a4000f28' },
      { type: 'Shop.Session', address: '0x7f12a4001e28' },
    ],
    referrers: [{ type: 'Shop.Session[]', instances: 1 }],
  },
};

const renderings: Record<string, (style: Style) => string[]> = {
  heap: (style) => showHeap(heap, style),
  diff: (style) => showHeapDiff(diff, style),
  path: (style) => showHeapPath(path, style),
  object: (style) => showHeapPath(object, style),
};

describe.each([
  ['80', 80],
  ['200', 200],
  ['log', Number.POSITIVE_INFINITY],
])('at %s columns', (name, columns) => {
  it.each(Object.keys(renderings))('%s', async (kind) => {
    const lines = renderings[kind]?.(plainStyle(columns)) ?? [];
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden/${kind}-${name}.txt`);
    const text = lines.join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is checked
    expect(text).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

it('the tables keep to the columns there are', () => {
  for (const kind of ['heap', 'object'])
    for (const line of (renderings[kind]?.(plainStyle(80)) ?? []).slice(3)) expect(width(line)).toBeLessThanOrEqual(80);
});

it('a path that is too long keeps its root and its end', () => {
  expect(pathLine(session, 200)).toBe(session.join(' → '));
  expect(pathLine(session, 50)).toBe('static Shop.Store.s_sessions → … → Session');
  expect(pathLine(['root', 'aaaaaa', 'b', 'c'], 18)).toBe('root → … → b → c');
  expect(pathLine(['static Shop.Store.s_sessions', 'b'], 20)).toBe('static Shop.Sto… → b');
});
