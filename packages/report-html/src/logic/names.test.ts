import { expect, it } from 'vitest';
import { methodName, shortType, splitSource } from './names.ts';

it.each([
  ['Shop.Cart.Add(System.Int32)', 'Shop.Cart', 'Add', '(Int32)', ''],
  ['Shop.Page+<LoadAsync>d__3.MoveNext()', 'Shop.Page', 'LoadAsync', '', 'async'],
  ['Shop.Page+<LoadAsync>d__3<System.Int32>.MoveNext()', 'Shop.Page', 'LoadAsync', '', 'async'],
  [
    'Shop.Page+<>c__DisplayClass4_0+<<Load>b__0>d.MoveNext()',
    'Shop.Page+<>c__DisplayClass4_0+<<Load>b__0>d',
    'MoveNext',
    '()',
    '',
  ],
  ['Shop.Tests+<>c.<Pays>b__4_0()', 'Shop.Tests', 'Pays', '', 'lambda'],
  ['Shop.Tests+<>c__DisplayClass4_0.<Pays>b__0(System.Object)', 'Shop.Tests', 'Pays', '', 'lambda'],
  ['Shop.Cart.<Sum>g__Add|3_0(System.Int32, System.Int32)', 'Shop.Cart.Sum', 'Add', '(Int32, Int32)', 'local'],
  ['Shop.Cart..ctor(System.String)', 'Shop.Cart', '.ctor', '(String)', ''],
  ['Shop.Cart..cctor()', 'Shop.Cart', '.cctor', '()', ''],
  ['Program.<Main>$(System.String[])', 'Program', 'Main', '', ''],
  [
    'Shop.Repository<System.Int32>.Find(System.Collections.Generic.List<Shop.Line>)',
    'Shop.Repository<System.Int32>',
    'Find',
    '(List<Line>)',
    '',
  ],
  ['Main', '', 'Main', '', ''],
  ['', '', '', '', ''],
])('%s', (method, owner, name, parameters, mark) => {
  expect(methodName(method)).toEqual({ owner, name, parameters, mark });
});

it('shortens every part of a type', () => {
  expect(shortType('System.Collections.Generic.Dictionary<System.String,Shop.Order[]>')).toBe(
    'Dictionary<String,Order[]>',
  );
});

it.each([
  ['Shop.Store.Open (Store.cs:42)', 'Shop.Store.Open', 'Store.cs:42'],
  ['Shop.Store.Open', 'Shop.Store.Open', ''],
  ['Shop.Store.Open(System.Int32)', 'Shop.Store.Open(System.Int32)', ''],
  ['Shop.Store.<Open>b__0 (a b.cs:1)', 'Shop.Store.<Open>b__0', 'a b.cs:1'],
])('%s is a method and its source', (frame, method, source) => {
  expect(splitSource(frame)).toEqual({ method, source });
});
