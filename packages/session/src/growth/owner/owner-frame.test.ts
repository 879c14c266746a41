import { expect, it } from 'vitest';
import { isOwnFrame, ownerTexts, writtenName } from './owner-frame.ts';

it.each([
  ['Shop.Store.Open', 'Shop.Store.Open'],
  ['Shop.Store+<OpenAsync>d__3.MoveNext', 'Shop.Store.OpenAsync'],
  ['Shop.Store+<Lines>d__12.MoveNext', 'Shop.Store.Lines'],
  ['Shop.Store+<>c.<Open>b__0_1', 'Shop.Store.<Open>b__0_1'],
  ['Shop.Store+<>c__DisplayClass4_0.<Open>b__0', 'Shop.Store.<Open>b__0'],
  ['Shop.Store+<>c__DisplayClass4_0+<<Open>b__0>d.MoveNext', 'Shop.Store.<Open>b__0'],
  ['Program.<<Main>$>g__Add|0_0', 'Program.<<Main>$>g__Add|0_0'],
  ['Shop.Store+Cache..ctor', 'Shop.Store+Cache..ctor'],
  ['', ''],
])('%s is written %s', (method, written) => {
  expect(writtenName(method)).toBe(written);
});

it('own code is neither platform nor test framework', () => {
  const own = (method: string, module: string) => isOwnFrame({ method, module });
  expect(own('Shop.Store.Open', 'Shop.dll')).toBe(true);
  expect(own('Shop.Store.Open', '')).toBe(true);
  expect(own('Microsoftish.Store.Open', 'Microsoftish.dll')).toBe(true);
  expect(own('System.String.Concat', 'System.Private.CoreLib.dll')).toBe(false);
  expect(own('System.String.Concat', '')).toBe(false);
  expect(own('Xunit.Runner.Run', 'xunit.core.dll')).toBe(false);
  expect(own('', 'Shop.dll')).toBe(false);
});

it('tells file and line, and an async method with the stub that starts it once', () => {
  const frame = (method: string, file: string | null = null, line: number | null = null) => ({
    ...{ method, module: 'Shop.dll', file, line },
  });
  expect(
    ownerTexts([
      frame('Shop.Store+<OpenAsync>d__3.MoveNext', '/src/shop/Store.cs', 42),
      frame('Shop.Store.OpenAsync'),
      frame('Shop.Page.Load', 'C:\\src\\Page.cs', 7),
      frame('Shop.Program.Main'),
    ]),
  ).toEqual(['Shop.Store.OpenAsync (Store.cs:42)', 'Shop.Page.Load (Page.cs:7)', 'Shop.Program.Main']);
});
