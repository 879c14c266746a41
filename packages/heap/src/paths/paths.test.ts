import { describe, expect, it } from 'vitest';
import { nodesOfType } from '../graph/type-groups.ts';
import { buildHeap, type SketchNode } from '../testing/build-heap.ts';
import { fingerprint } from './fingerprint.ts';
import { pathNames, shortTypeName } from './names.ts';
import { newestFirst, pathGroups } from './path-groups.ts';
import { pathTo } from './root-paths.ts';

const LIST = 'System.Collections.Generic.List<Shop.Session>';

describe('paths to roots', () => {
  const heap = buildHeap(
    {
      list: { type: LIST, refs: ['array'] },
      array: { type: 'Shop.Session[]', refs: ['a', 'b'] },
      a: { type: 'Shop.Session' },
      b: { type: 'Shop.Session' },
      c: { type: 'Shop.Session' },
      lost: { type: 'Shop.Session' },
    },
    [
      ['a', 'strong handle'],
      ['b', 'stack'],
      ['c', 'stack'],
      ['list', 'static Shop.Store.s_sessions'],
    ],
  );

  it('prefer a named static to handles and stacks, however long the way', () => {
    expect(pathTo(heap, 2)).toEqual({ root: 3, nodes: [0, 1, 2] });
    expect(pathTo(heap, 4)).toEqual({ root: 2, nodes: [4] });
    expect(pathTo(heap, 5)).toBeUndefined();
  });

  it('are grouped by shape, written as the contract has them', () => {
    const groups = pathGroups(heap, nodesOfType(heap, 'Shop.Session'));
    expect(groups.map((group) => [group.instances, group.bytes, pathNames(group)])).toEqual([
      [2, 48, ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session']],
      [1, 24, ['stack', 'Session']],
    ]);
    expect(groups[0]?.newest).toBe(3);
    expect(newestFirst([1, 4, 7], 2)).toEqual([7, 4]);
  });

  it.each([
    [['Node'], ['static X.s', 'Node']],
    [
      ['Node', 'Entry'],
      ['static X.s', 'Node', 'Entry'],
    ],
    [
      ['Node', 'Entry', 'Item'],
      ['static X.s', 'Node', 'Entry', 'Item'],
    ],
  ])('show a chain of %j once', (period, expected) => {
    const length = 3000 * period.length;
    const chain = Object.fromEntries(
      Array.from({ length }, (_value, index): [string, SketchNode] => [
        `n${index}`,
        { type: period[index % period.length] ?? '', refs: index + 1 < length ? [`n${index + 1}`] : [] },
      ]),
    );
    const long = buildHeap(chain, [['n0', 'static X.s']]);
    const groups = pathGroups(long, nodesOfType(long, period.at(-1) ?? ''));
    expect(groups.map((group) => [group.instances, pathNames(group)])).toEqual([[3000, expected]]);
  });

  it('have short names with outer types and generic arguments', () => {
    expect(shortTypeName('System.Collections.Generic.Dictionary<System.String,Shop.Cart+Line[]>+Entry[]')).toBe(
      'Dictionary<String,Cart+Line[]>+Entry[]',
    );
  });
});

describe('fingerprint', () => {
  it('is that of the names with array slots as [x]', () => {
    const names = ['static Shop.s_x', 'Shop.Session[]', 'Shop.Session'];
    expect(fingerprint('instances', names)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint('instances', ['static Shop.s_x', 'Shop.Session[17]', 'Shop.Session'])).toBe(
      fingerprint('instances', names),
    );
    expect(fingerprint('handles', names)).not.toBe(fingerprint('instances', names));
    expect(fingerprint('instances', names.slice(1))).not.toBe(fingerprint('instances', names));
  });
});
