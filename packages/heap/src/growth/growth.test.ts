import { describe, expect, it } from 'vitest';
import { withDominators } from '../dominators/compute-dominators.ts';
import { biggestDominators } from '../dominators/dominator-tree.ts';
import { retainedTree } from '../dominators/retained-tree.ts';
import type { HeapFile } from '../graph/heap.ts';
import { buildHeap, type SketchNode } from '../testing/build-heap.ts';
import { diff } from './diff.ts';
import { holderOf, rankGrowth } from './rank-growth.ts';

const LIST = 'System.Collections.Generic.List<Shop.Session>';

/** A static list of sessions, each with a list of lines of its own, and a cache of constant size. */
function shop(sessions: number): HeapFile {
  const nodes: Record<string, SketchNode> = {
    cache: { type: 'Shop.Page[]', bytes: 64, refs: ['page'] },
    page: { type: 'Shop.Page', bytes: 800 },
    list: { type: LIST, bytes: 32, refs: ['slots'] },
    slots: { type: 'Shop.Session[]', bytes: 800, refs: Array.from({ length: sessions }, (_v, n) => `s${n}`) },
  };
  for (let n = 0; n < sessions; n++) {
    nodes[`s${n}`] = { type: 'Shop.Session', refs: [`l${n}`, `name${n}`] };
    nodes[`l${n}`] = { type: 'System.Collections.Generic.List<Shop.Line>', bytes: 32, refs: [`a${n}`] };
    nodes[`a${n}`] = { type: 'Shop.Line[]', bytes: 40, refs: [`x${n}`, `y${n}`] };
    nodes[`x${n}`] = { type: 'Shop.Line' };
    nodes[`y${n}`] = { type: 'Shop.Line' };
    nodes[`name${n}`] = { type: 'System.String', bytes: 160 };
  }
  return buildHeap(nodes, [
    ['cache', 'static Shop.Pages.s_all'],
    ['list', 'static Shop.Store.s_sessions'],
    ['slots', 'stack'],
  ]);
}

const types = ['System.String', 'Shop.Line', 'Shop.Session', LIST, 'Shop.Session[]', 'Shop.Line[]', 'Shop.Page'];
const candidates = types.map((type) => ({ type, module: type.startsWith('Shop') ? 'Shop.dll' : '' }));

describe('naming what grows', () => {
  it.each([10, 0])('finds type, path, container and cure of a static list that had %i sessions', (start) => {
    const ranked = rankGrowth(shop(start), shop(30), candidates, 20);
    const [first, , second] = ranked;
    expect(first).toMatchObject({
      ...{ type: 'Shop.Session', class: 'own', instances: 30 - start, bytes: (30 - start) * 24 },
      retainedBytes: (30 - start) * (24 + 32 + 40 + 48 + 160),
      perOperation: (30 - start) / 20,
      container: LIST,
      path: ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session'],
      pattern: 'static-collection',
    });
    expect(first?.cure).toMatch(/^Remove /);
    expect(second).toMatchObject({
      type: 'Shop.Line',
      heldBy: 'Shop.Session',
      instances: 2 * (30 - start),
      pattern: 'static-collection',
    });
    // Each session's own list has the same two lines as ever: the list of sessions is what grew.
    expect(second?.container).toBe(LIST);
    expect(ranked.map((growth) => growth.class)).toEqual(['own', 'own', 'own', ...Array(4).fill('plumbing')]);
    expect(ranked.find(({ type }) => type === 'Shop.Page')).toMatchObject({ instances: 0, retainedBytes: 0 });
  });

  it.each([
    ['Shop.PriceChanged', 'Shop.PriceChanged'],
    ['Shop.Feed', 'System.Object[]'],
  ])('an event grows in the delegate whose handlers are many, a list of %s does not', (above, container) => {
    const event = (handlers: number) => {
      const each = Array.from({ length: handlers }, (_v, n) => n);
      const nodes = each.flatMap((n): [string, SketchNode][] => [
        [`d${n}`, { type: 'Shop.PriceChanged', refs: [`v${n}`] }],
        [`v${n}`, { type: 'Shop.View' }],
      ]);
      const all = { type: above, refs: ['handlers'] };
      const handlerList = { type: 'System.Object[]', refs: each.map((n) => `d${n}`) };
      return buildHeap({ all, handlers: handlerList, ...Object.fromEntries(nodes) }, [
        ['all', 'static Shop.Bus.Changed'],
      ]);
    };
    const [view] = rankGrowth(event(2), event(12), [{ type: 'Shop.View', module: 'Shop.dll' }], 10);
    expect(view?.container).toBe(container);
  });

  it('says what hangs on another type that grows', () => {
    const held = Object.fromEntries(rankGrowth(shop(0), shop(30), candidates, 20).map((one) => [one.type, one.heldBy]));
    expect(held).toEqual({
      ...{ 'Shop.Session': null, 'Shop.Page': null, 'Shop.Session[]': LIST, [LIST]: null },
      ...{ 'Shop.Line': 'Shop.Session', 'Shop.Line[]': 'Shop.Session', 'System.String': 'Shop.Session' },
    });
  });

  it('says so too where the type stands at several places in what holds it', () => {
    const rules = (count: number) => {
      const nodes: Record<string, SketchNode> = {
        list: { type: 'Shop.Rule[]', refs: Array.from({ length: count }, (_v, n) => `r${n}`) },
      };
      for (let n = 0; n < count; n++) {
        nodes[`r${n}`] = { type: 'Shop.Rule', refs: [`d${n}`, `e${n}`, `f${n}`] };
        for (const [part, at] of [
          ['Shop.Find', 'd'],
          ['Shop.Scan', 'e'],
          ['Shop.Run', 'f'],
        ] as const) {
          nodes[`${at}${n}`] = { type: part, refs: [`${at}m${n}`] };
          nodes[`${at}m${n}`] = { type: 'System.Net.Method' };
        }
      }
      return buildHeap(nodes, [['list', 'static Shop.Rules.s_all']]);
    };
    const wanted = ['Shop.Rule', 'System.Net.Method'].map((type) => ({ type, module: '' }));
    const [rule, method] = rankGrowth(rules(2), rules(12), wanted, 10);
    expect(rule).toMatchObject({ type: 'Shop.Rule', heldBy: null });
    expect(method).toMatchObject({ type: 'System.Net.Method', heldBy: 'Shop.Rule' });
  });

  it.each([
    [2, 'Shop.Order'],
    [1, null],
  ])('and where it hangs on two types that grow, with %i of each of them', (held, holder) => {
    const desk = (count: number) => {
      const each = Array.from({ length: count }, (_v, n) => n);
      const nodes = each.flatMap((n): [string, SketchNode][] => [
        [`o${n}`, { type: 'Shop.Order', refs: [`a${n}`, `b${n}`] }],
        [`i${n}`, { type: 'Shop.Invoice', refs: held === 2 ? [`c${n}`] : [] }],
        ...['a', 'b', 'c'].map((name): [string, SketchNode] => [`${name}${n}`, { type: 'System.String' }]),
        [`d${n}`, { type: 'System.String' }],
      ]);
      const of = (name: string) => each.map((n) => `${name}${n}`);
      const lists: Record<string, SketchNode> = {
        orders: { type: 'Shop.Order[]', refs: of('o') },
        invoices: { type: 'Shop.Invoice[]', refs: of('i') },
        names: { type: 'System.String[]', refs: held === 2 ? of('d').slice(0, 1) : [...of('c'), ...of('d')] },
      };
      const roots = Object.keys(lists).map((name): [string, string] => [name, `static Shop.Desk.${name}`]);
      return buildHeap({ ...lists, ...Object.fromEntries(nodes) }, roots);
    };
    const wanted = ['Shop.Order', 'Shop.Invoice', 'System.String'].map((type) => ({ type, module: '' }));
    const strings = rankGrowth(desk(2), desk(12), wanted, 10).find(({ type }) => type === 'System.String');
    expect(strings?.heldBy).toBe(holder);
  });

  it('nothing hangs on what stands above a service that does not grow, like one of the sockets by which it is reached', () => {
    const converter = (count: number) => {
      const each = Array.from({ length: count }, (_v, n) => n);
      const nodes = each.flatMap((n): [string, SketchNode][] => [
        [`process${n}`, { type: 'System.Diagnostics.Process', refs: [`reader${n}`] }],
        [`reader${n}`, { type: 'System.IO.StreamReader', refs: [`pipe${n}`] }],
        [`pipe${n}`, { type: 'System.Net.Sockets.SocketAsyncContext' }],
      ]);
      const above: Record<string, SketchNode> = {
        sockets: { type: 'System.Net.Sockets.SocketAsyncContext[]', refs: ['server', ...each.map((n) => `pipe${n}`)] },
        server: { type: 'System.Net.Sockets.SocketAsyncContext', refs: ['converter'] },
        converter: { type: 'Shop.Converter', refs: ['history'] },
        history: { type: 'System.Diagnostics.Process[]', refs: each.map((n) => `process${n}`) },
      };
      return buildHeap({ ...above, ...Object.fromEntries(nodes) }, [
        ['sockets', 'static System.Net.Sockets.SocketAsyncEngine.s_registeredContexts'],
      ]);
    };
    const grow = ['System.IO.StreamReader', 'System.Net.Sockets.SocketAsyncContext', 'System.Diagnostics.Process'];
    const named = grow.map((type) => ({ type, module: '' }));
    const ranked = new Map(rankGrowth(converter(2), converter(12), named, 10).map((one) => [one.type, one]));
    expect(ranked.get('System.Diagnostics.Process')).toMatchObject({ heldBy: null, keptBy: 'Shop.Converter' });
    expect(ranked.get('System.IO.StreamReader')?.heldBy).toBe('System.Diagnostics.Process');
  });

  it.each([
    ['System.Reflection.Emit.DynamicMethod', ['Shop.Rule', 'Method', 'System.Object[]', 'Method'], 'Shop.Rule'],
    ['System.Reflection.Emit.DynamicMethod', ['Method', 'System.Object[]', 'Method'], null],
    ['Shop.Node', ['Shop.Rule', 'Shop.Node', 'Shop.Entry', 'Shop.Node'], null],
  ])('of a chain of %s the own type above it is the holder, and no link: %j', (type, path, holder) => {
    const steps = path.map((step) => (step === 'Method' ? type : step));
    expect(holderOf(type, steps, ['Shop.Rule', 'Shop.Node', 'Shop.Entry', type])).toBe(holder);
  });

  it.each([
    ['static System.Net.Sockets.SocketAsyncEngine.s_registeredContexts', 'Shop.Watcher', 'Shop.Watcher'],
    ['static System.Net.Sockets.SocketAsyncEngine.s_registeredContexts', 'System.Object[]', 'Microsoft.Caching.Store'],
    ['strong handle', 'Shop.Watcher', 'Shop.Watcher'],
    ['static Shop.Store.s_sessions', 'Shop.Watcher', null],
  ])('says who to look at where the root is the platform’s: %s, %s', (root, above, keptBy) => {
    const web = (sessions: number) =>
      buildHeap(
        {
          caching: { type: 'Microsoft.Caching.Store+Shard', refs: ['above'] },
          above: { type: above, refs: ['list'] },
          list: { type: LIST, refs: ['node'] },
          node: { type: 'Shop.Growing', refs: Array.from({ length: sessions }, (_v, n) => `s${n}`) },
          ...Object.fromEntries(Array.from({ length: sessions }, (_v, n) => [`s${n}`, { type: 'Shop.Session' }])),
        },
        [['caching', root]],
      );
    const grow = ['Shop.Session', 'Shop.Growing'].map((type) => ({ type, module: 'Shop.dll' }));
    const ranked = rankGrowth(web(1), web(9), grow, 8);
    expect(ranked.find(({ type }) => type === 'Shop.Session')?.keptBy).toBe(keptBy);
  });

  it('names a type of the program before those of the library that keeps it', () => {
    const actors = (count: number) => {
      const each = Array.from({ length: count }, (_v, n) => n);
      return buildHeap(
        {
          children: { type: LIST, refs: each.map((n) => `cell${n}`) },
          ...Object.fromEntries(each.map((n) => [`cell${n}`, { type: 'Actors.Cell', refs: [`actor${n}`, `box${n}`] }])),
          ...Object.fromEntries(each.map((n) => [`box${n}`, { type: 'Actors.Mailbox' }])),
          ...Object.fromEntries(each.map((n) => [`actor${n}`, { type: 'Shop.Session' }])),
        },
        [['children', 'static Actors.Guardian.s_children']],
      );
    };
    const grow = [
      ...['Actors.Cell', 'Actors.Mailbox'].map((type) => ({ type, module: 'Actors.dll' })),
      { type: 'Shop.Session', module: 'Shop.dll' },
    ];
    const ranked = rankGrowth(actors(1), actors(9), grow, 8, (one) => one === 'Actors.dll');
    expect(ranked.map(({ type, library, heldBy }) => [type, library, heldBy])).toEqual([
      ['Shop.Session', false, null],
      ['Actors.Cell', true, null],
      ['Actors.Mailbox', true, 'Actors.Cell'],
    ]);
  });

  it('does not name a service that only uses what others use as well', () => {
    const cached = (pages: number, users: readonly string[], onStack: boolean) =>
      buildHeap(
        {
          ...Object.fromEntries(users.map((user) => [user, { type: `Shop.${user}`, refs: ['cache'] }])),
          cache: { type: 'Microsoft.Extensions.Caching.Memory.MemoryCache', refs: ['map'] },
          map: { type: 'System.Collections.Hashtable', refs: Array.from({ length: pages }, (_v, n) => `p${n}`) },
          ...Object.fromEntries(Array.from({ length: pages }, (_v, n) => [`p${n}`, { type: 'Shop.Page' }])),
        },
        [
          ...users.map((user) => [user, 'static System.Threading.TimerQueue.s_all'] as const),
          ...(onStack ? [['cache', 'stack'] as const] : []),
        ],
      );
    const keeperFor = (users: readonly string[], onStack = false) =>
      rankGrowth(cached(1, users, onStack), cached(9, users, onStack), candidates, 8).find(
        ({ type }) => type === 'Shop.Page',
      );
    // Main, which runs for as long as the program, may have used it at the start.
    expect(keeperFor(['Housekeeping'], true)).toMatchObject({ keptBy: 'Shop.Housekeeping' });
    expect(keeperFor(['Housekeeping'])).toMatchObject({ keptBy: 'Shop.Housekeeping', pattern: 'unbounded-cache' });
    expect(keeperFor(['Housekeeping', 'Products'])).toMatchObject({
      ...{ keptBy: 'Microsoft.Extensions.Caching.Memory.MemoryCache', pattern: 'unbounded-cache' },
    });
  });

  it('has the fingerprint of what the program does, by whatever root of the platform it is reached', () => {
    const web = (root: string, sessions: number) =>
      buildHeap(
        {
          context: { type: root, refs: ['watcher'] },
          watcher: { type: 'Shop.Watcher', refs: Array.from({ length: sessions }, (_v, n) => `s${n}`) },
          ...Object.fromEntries(Array.from({ length: sessions }, (_v, n) => [`s${n}`, { type: 'Shop.Session' }])),
        },
        [['context', `static ${root}.s_all`]],
      );
    const found = ['System.Net.Sockets.SocketAsyncEngine', 'System.Threading.TimerQueue', 'Shop.Watchers'].map((root) =>
      rankGrowth(web(root, 1), web(root, 9), candidates, 8).find(({ type }) => type === 'Shop.Session'),
    );
    const [sockets, timers, own] = found.map((one) => one?.fingerprint);
    expect(timers).toBe(sockets);
    expect(own).not.toBe(sockets);
  });

  it('finds what holds a family of types whose names differ', () => {
    const plugins = (count: number) =>
      buildHeap(
        {
          list: { type: LIST, bytes: 32, refs: Array.from({ length: count }, (_v, n) => `p${n}`) },
          ...Object.fromEntries(
            Array.from({ length: count }, (_v, n) => [`p${n}`, { type: `<unknown type 0x7f${n}a>` } as SketchNode]),
          ),
        },
        [['list', 'static Shop.Host.Plugins']],
      );
    const [only] = rankGrowth(plugins(2), plugins(9), [{ type: '(type made at run time)', module: '' }], 7);
    expect(only).toMatchObject({
      ...{ instances: 7, perOperation: 1 },
      path: ['static Shop.Host.Plugins', 'List<Session>', '(type made at run time)'],
    });
  });

  it('what hangs on a family of types hangs on it, though their names differ', () => {
    const made = (count: number) => {
      const each = Array.from({ length: count }, (_v, n) => n);
      const nodes = each.flatMap((n): [string, SketchNode][] => [
        [`p${n}`, { type: `<unknown type 0x7f${n}a>`, refs: [`l${n}`] }],
        [`l${n}`, { type: 'System.Reflection.LoaderAllocator' }],
      ]);
      const list = { type: LIST, bytes: 32, refs: each.map((n) => `p${n}`) };
      return buildHeap({ list, ...Object.fromEntries(nodes) }, [['list', 'static Shop.Host.Plugins']]);
    };
    const names = ['(type made at run time)', 'System.Reflection.LoaderAllocator'];
    const ranked = rankGrowth(
      made(2),
      made(9),
      names.map((type) => ({ type, module: '' })),
      7,
    );
    expect(ranked.map(({ type, heldBy }) => [type, heldBy])).toEqual([
      ['(type made at run time)', null],
      ['System.Reflection.LoaderAllocator', '(type made at run time)'],
    ]);
  });

  it('has the fingerprint of the path, however much grew', () => {
    const prints = [20, 30].map((count) => rankGrowth(shop(5), shop(count), candidates, 1)[0]?.fingerprint);
    expect(prints[0]).toBe(prints[1]);
  });

  it('what flows with a context of each operation is kept by what keeps the context, not by the flow', () => {
    const waits = (count: number, contexts: number) => {
      const each = Array.from({ length: count }, (_v, n) => n);
      return buildHeap(
        {
          hub: { type: 'Shop.Hub', refs: ['list'] },
          list: { type: 'System.Collections.Generic.List<System.Object>', refs: each.map((n) => `w${n}`) },
          ...Object.fromEntries(
            each.flatMap((n): [string, SketchNode][] => [
              [`w${n}`, { type: 'System.Threading.Tasks.ContinueWithTaskContinuation', refs: [`c${n % contexts}`] }],
              [`s${n}`, { type: 'Microsoft.Extensions.Logging.LoggerFactoryScopeProvider+Scope' }],
            ]),
          ),
          ...Object.fromEntries(
            Array.from({ length: contexts }, (_v, c): [string, SketchNode] => [
              `c${c}`,
              {
                type: 'System.Threading.ExecutionContext',
                refs: each.filter((n) => n % contexts === c).map((n) => `s${n}`),
              },
            ]),
          ),
        },
        [['hub', 'static Shop.Hub.s_one']],
      );
    };
    const scope = {
      type: 'Microsoft.Extensions.Logging.LoggerFactoryScopeProvider+Scope',
      module: 'Microsoft.Extensions.Logging.dll',
    };
    const context = { type: 'System.Threading.ExecutionContext', module: 'System.Private.CoreLib.dll' };
    const patternOf = (ranked: ReturnType<typeof rankGrowth>) =>
      ranked.find(({ type }) => type === scope.type)?.pattern;
    expect(patternOf(rankGrowth(waits(2, 2), waits(12, 12), [scope, context], 10))).toBe('task-continuation');
    expect(patternOf(rankGrowth(waits(2, 1), waits(12, 1), [scope], 10))).toBe('logging-scope');
  });

  it('of a type that has larger objects, not more, names the one that grew, whatever small ones came elsewhere', () => {
    const texts = (large: number, small: number) =>
      buildHeap(
        {
          ...{
            log: { type: 'System.Text.StringBuilder', refs: ['text'] },
            text: { type: 'System.Char[]', bytes: large },
          },
          names: { type: 'Shop.Names', refs: Array.from({ length: small }, (_v, n) => `n${n}`) },
          ...Object.fromEntries(
            Array.from({ length: small }, (_v, n) => [`n${n}`, { type: 'System.Char[]', bytes: 24 }]),
          ),
        },
        [
          ['log', 'static Shop.Log.s_text'],
          ['names', 'static Shop.Names.s_all'],
        ],
      );
    const [before, after] = [texts(4_000, 1), texts(300_000, 2)];
    const candidate = { type: 'System.Char[]', module: '' };
    expect(rankGrowth(before, after, [{ ...candidate, byBytes: true }], 10)[0]?.path[0]).toBe('static Shop.Log.s_text');
    expect(rankGrowth(before, after, [candidate], 10)[0]?.path[0]).toBe('static Shop.Names.s_all');
  });

  it('a type that is not there at all ends up with nothing, not with an error', () => {
    const [only] = rankGrowth(shop(1), shop(2), [{ type: 'Shop.Gone', module: 'Shop.dll' }], 0);
    expect(only).toMatchObject({ instances: 0, path: [], container: null, pattern: null, cure: '' });
  });
});

describe('diff', () => {
  it('counts by type, tells unmoved objects, and finds the containers that grew', () => {
    const { types: changes, containers } = diff(withDominators(shop(10)), withDominators(shop(12)));
    expect(changes.map(({ type, before, after }) => [type, after.instances - before.instances])).toEqual([
      ['System.String', 2],
      ['Shop.Line', 4],
      ['Shop.Line[]', 2],
      ['System.Collections.Generic.List<Shop.Line>', 2],
      ['Shop.Session', 2],
    ]);
    expect(changes.find(({ type }) => type === 'Shop.Session')?.unmoved).toBe(10);
    expect(containers[0]).toEqual({
      type: LIST,
      path: ['static Shop.Store.s_sessions', 'List<Session>'],
      before: { objects: 1, elements: 10, retainedBytes: 800 + 10 * 304 },
      after: { objects: 1, elements: 12, retainedBytes: 800 + 12 * 304 },
    });
    expect(containers.some(({ path }) => path[0] === 'static Shop.Pages.s_all')).toBe(false);
  });

  it('of a heap with itself is empty', () => {
    expect(diff(shop(4), shop(4))).toEqual({ types: [], containers: [] });
  });
});

describe('biggest dominators', () => {
  it('are objects at the top, grouped by type below, with the root that holds them', () => {
    const [slots, page] = biggestDominators(withDominators(shop(10)));
    expect(slots).toMatchObject({
      type: 'Shop.Session[]',
      path: ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]'],
      instances: 1,
    });
    expect(slots?.children[0]).toMatchObject({ type: 'Shop.Session', instances: 10, retainedBytes: 3040 });
    expect(slots?.children[0]?.children.map(({ type, instances }) => [type, instances])).toEqual([
      ['System.String', 10],
      ['System.Collections.Generic.List<Shop.Line>', 10],
    ]);
    expect(page).toMatchObject({
      type: 'Shop.Page[]',
      path: ['static Shop.Pages.s_all', 'Page[]'],
      retainedBytes: 864,
    });
  });

  it('by type, from all roots: what each type holds alone', () => {
    // The array is held by a stack as well, so nothing but all roots together holds it.
    expect(retainedTree(shop(10)).map(({ type, retainedBytes }) => [type, retainedBytes])).toEqual([
      ['Shop.Session[]', 800 + 3040],
      ['Shop.Page[]', 864],
      ['System.Collections.Generic.List<Shop.Session>', 32],
    ]);
    expect(retainedTree(shop(10))[0]?.children).toMatchObject([
      { type: 'Shop.Session', instances: 10, children: [{ instances: 10 }, { instances: 10 }] },
    ]);
  });

  it('open chains: the links of a list are one group', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 50 }, (_value, index): [string, SketchNode] => [
        `n${index}`,
        { type: 'Node', refs: index < 49 ? [`p${index}`, `n${index + 1}`] : [`p${index}`] },
      ]).concat(Array.from({ length: 50 }, (_value, index) => [`p${index}`, { type: 'Payload', bytes: 80 }])),
    );
    const [top] = biggestDominators(withDominators(buildHeap(chain, [['n0', 'static X.s_head']])));
    expect(top).toMatchObject({ type: 'Node', retainedBytes: 50 * 104 });
    expect(top?.children).toMatchObject([{ type: 'Payload', instances: 50, retainedBytes: 4000, children: [] }]);
  });
});
