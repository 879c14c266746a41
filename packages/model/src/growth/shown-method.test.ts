import { expect, it } from 'vitest';
import { shownMethod } from './shown-method.ts';

it.each([
  ['Shop.Store.Open (Store.cs:42)', 'Shop.Store.Open (Store.cs:42)'],
  ['Shop.Cache<T>..ctor', 'Shop.Cache<T>..ctor'],
  ['Program.<Main>$ (Program.cs:3)', 'Program.Main (Program.cs:3)'],
  ['Program+<>c.<<Main>$>b__0_0 (Program.cs:7)', 'lambda of Program.Main (Program.cs:7)'],
  ['Program.<<Main>$>b__0_0 (Program.cs:7)', 'lambda of Program.Main (Program.cs:7)'],
  ['Program.<<Main>$>g__Add|0_0', 'Program.Main.Add'],
  ['Shop.Desk+<>c__DisplayClass3_0.<Watch>b__1', 'lambda of Shop.Desk.Watch'],
  ['Shop.Desk+<>c.<.cctor>b__4_0 (Desk.cs:5)', 'lambda of Shop.Desk (Desk.cs:5)'],
  ['Shop.Desk+<>c__DisplayClass3_0.<Watch>g__Ask|1', 'Shop.Desk.Watch.Ask'],
  ['Shop.Orders+<LoadAsync>d__3.MoveNext (Orders.cs:9)', 'Shop.Orders.LoadAsync (Orders.cs:9)'],
  ['Shop.Rows+Enumerator.MoveNext', 'Shop.Rows+Enumerator.MoveNext'],
  ['libshop.so!shop_open', 'libshop.so!shop_open'],
  [`Program.<${'<'.repeat(2000)}`, `Program.<${'<'.repeat(2000)}`],
])('%s', (frame, shown) => {
  expect(shownMethod(frame)).toBe(shown);
});
