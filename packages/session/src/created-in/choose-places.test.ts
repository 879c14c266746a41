import type { Creation } from '@firstchance/symbols';
import { describe, expect, it } from 'vitest';
import { choosePlaces, type HeldType } from './choose-places.ts';
import { openName } from './open-name.ts';

const session: HeldType = {
  ...{ type: 'Shop.Session', module: 'Shop.dll' },
  path: ['static Shop.Store.s_sessions', 'List<Session>', 'Session[]', 'Session'],
};

function creation(method: string, line: number | null, more: Partial<Creation> = {}): Creation {
  return {
    ...{ type: 'Shop.Session', exact: true, method, token: 0x0600_0001, ilOffset: 0 },
    source: line === null ? null : { file: '/src/Shop.cs', line, column: 1 },
    ...{ delegateOf: null, within: method.slice(0, method.lastIndexOf('.')), uses: new Set<string>() },
    ...more,
  };
}
const elsewhere = [1, 2, 3].map((line) => creation('Shop.Import.Read', line));

describe('of the places that create a type', () => {
  it('all are told when they are few, in the order of the text', () => {
    expect(choosePlaces(session, [creation('Shop.B.Y', 9), creation('Shop.A.X', 4)])).toEqual({
      places: [
        { method: 'Shop.A.X', file: '/src/Shop.cs', line: 4 },
        { method: 'Shop.B.Y', file: '/src/Shop.cs', line: 9 },
      ],
      ...{ of: 2, sure: true },
    });
  });

  it('none, when there are none or many that have nothing to do with what holds the objects', () => {
    expect(choosePlaces(session, [])).toBeUndefined();
    expect(choosePlaces(session, [...elsewhere, creation('Shop.Other.Read', 4)])).toBeUndefined();
  });

  it('of a type of .NET no library that happens to make some, where the program itself has lines', () => {
    const method = {
      type: 'System.Reflection.Emit.DynamicMethod',
      module: 'System.Private.CoreLib.dll',
      path: session.path,
    };
    const libraries = [creation('Json.Factory.Create', null)];
    expect(choosePlaces(method, libraries, { hasLines: true })).toBeUndefined();
    expect(choosePlaces(method, libraries)).toMatchObject({ of: 1, sure: false });
    expect(choosePlaces(method, [...libraries, creation('Shop.Rules.Compile', 7)], { hasLines: true })).toMatchObject({
      places: [{ method: 'Shop.Rules.Compile' }],
    });
    const near = [creation('Json.Factory.Create', null, { uses: new Set(['Shop.Store']) })];
    expect(choosePlaces(method, near, { hasLines: true })).toMatchObject({ of: 1 });
  });

  it.each([
    ['a method of the type with the static field', { within: 'Shop.Store' }],
    ['one that uses that type', { uses: new Set(['System.String', 'Shop.Store']) }],
  ])('of many those are told that have to do with it: %s', (_name, more) => {
    expect(choosePlaces(session, [...elsewhere, creation('Shop.Here.Add', 7, more)])).toMatchObject({
      places: [{ method: 'Shop.Here.Add', line: 7 }],
      of: 4,
    });
  });

  it.each([
    ['Shop.Cache`1', 'Shop.Cache<Shop.Page>+Node'],
    ['Shop.Cache<\0>', 'Cache<Page>'],
    ['Shop.Cache`1+Node', 'Cache<Page>+Node'],
  ])('generic types on the path are known by their open name: %s', (used, step) => {
    const held = {
      ...session,
      path: ['strong handle', ...(used.endsWith('Node') ? [step] : ['Cache<Page>']), 'Session'],
    };
    const places = [...elsewhere, creation('Shop.Here.Add', 7, { uses: new Set([used]) })];
    expect(choosePlaces(held, places)?.places).toHaveLength(1);
  });

  it('types of .NET on the path say nothing, nor does the type itself', () => {
    const uses = new Set(['System.Collections.Generic.List<Shop.Session>', 'Shop.Session']);
    expect(choosePlaces(session, [...elsewhere, creation('Shop.Here.Add', 7, { uses })])).toBeUndefined();
  });

  it('one line counts once, a method without symbols too', () => {
    expect(choosePlaces(session, [creation('Shop.A.X', 4), creation('Shop.A.X', 4)])?.of).toBe(1);
    expect(choosePlaces(session, [creation('Shop.A.X', null), creation('Shop.A.X', null)])?.places).toEqual([
      { method: 'Shop.A.X', file: null, line: null },
    ]);
  });

  it.each([
    ['an own type', session, [true, true], true],
    ['an array of an own type', { ...session, type: 'Shop.Session[]' }, [true], true],
    ['generic code, which may make others', session, [true, false], false],
    ['generic code, the only one that can', session, [false], true],
    ['a type of .NET', { ...session, type: 'System.Timers.Timer', module: 'System.Timers.dll' }, [true], false],
    ['some places of many', session, [true, true, true, true], false],
  ] as const)('is sure of own types, where nothing else makes them: %s', (_name, held, exact, sure) => {
    const near = new Set(['Shop.Store']);
    const places = exact.map((one, index) =>
      creation('Shop.A.X', index, { exact: one, uses: index === 0 ? near : new Set() }),
    );
    expect(choosePlaces(held, places)?.sure).toBe(sure);
  });

  it('of delegates the method they call is told', () => {
    const held = { ...session, type: 'System.Action', module: 'System.Private.CoreLib.dll' };
    const [place] = choosePlaces(held, [creation('Shop.A.X', 4, { delegateOf: 'Shop.A.OnPrice' })])?.places ?? [];
    expect(place).toEqual({ method: 'Shop.A.X', file: '/src/Shop.cs', line: 4, calls: 'Shop.A.OnPrice' });
  });
});

it.each([
  ['Shop.Cache<Shop.Page>+Entry<A>', 'Shop.Cache+Entry'],
  ['Shop.Cache`1+Entry', 'Shop.Cache+Entry'],
  ['Shop.Cart+<Add>d__3<System.Int32>', 'Shop.Cart+<Add>d__3'],
  ['Shop.Cart+<>c__DisplayClass1_0', 'Shop.Cart+<>c__DisplayClass1_0'],
  ['Broken<<', 'Broken'],
])('the open name of %s', (type, open) => {
  expect(openName(type)).toBe(open);
});
