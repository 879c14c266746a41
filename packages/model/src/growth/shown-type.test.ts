import { describe, expect, it } from 'vitest';
import type { CreatedIn } from './created-in.ts';
import { shownType } from './shown-type.ts';

const BOX = 'System.Runtime.CompilerServices.AsyncTaskMethodBuilder<System.Threading.Tasks.VoidTaskResult>';

function madeIn(...methods: string[]): CreatedIn {
  return {
    places: methods.map((method) => ({ method, file: 'Desk.cs', line: 12 })),
    of: methods.length,
    sure: true,
  };
}

describe('names that compilers make, as a person says them', () => {
  it.each([
    ['Shop.Cart+<AddAsync>d__3', 'async Shop.Cart.AddAsync'],
    ['Shop.Cart+<AddAsync>d__12<System.Int32>', 'async Shop.Cart.AddAsync<System.Int32>'],
    ['Program+<<Main>$>d__0', 'async Program.Main'],
    ['Program+<<<Main>$>g__Poll|0_1>d', 'async Program.Main.Poll'],
    ['Shop.Cart+<<AddAsync>g__Retry|3_0>d', 'async Shop.Cart.AddAsync.Retry'],
    ['Shop.Cart+<>c__DisplayClass3_0+<<AddAsync>b__0>d', 'async lambda of Shop.Cart.AddAsync'],
    ['Program+<>c+<<<Main>$>b__0_2>d', 'async lambda of Program.Main'],
    ['Shop.Cart+VB$StateMachine_4_AddAsync', 'async Shop.Cart.AddAsync'],
    ['Shop.Machine', 'async Shop.Machine'],
  ])('a call in %s', (machine, shown) => {
    expect(shownType(`${BOX}+AsyncStateMachineBox<${machine}>`)).toBe(shown);
  });

  it.each([
    ['Shop.Desk+<>c__DisplayClass0_0', 'closure of Shop.Desk'],
    ['Shop.Desk+<>c__DisplayClass#_#', 'closure of Shop.Desk'],
    ['Shop.Desk+<>c__DisplayClass3_1<System.Int32>', 'closure of Shop.Desk<System.Int32>'],
    ['Desk+<>c__DisplayClass0_0', 'closure of Desk'],
    ['AsyncTaskMethodBuilder<VoidTaskResult>+AsyncStateMachineBox<Cart+<AddAsync>d__3>', 'async Cart.AddAsync'],
    ['Shop.Desk+<>c', 'lambdas of Shop.Desk'],
    ['Shop.Desk+<Prices>d__4', 'call of Shop.Desk.Prices'],
    ['Shop.Desk+<Shop.IDesk.Prices>d__#', 'call of Shop.Desk.Shop.IDesk.Prices'],
    ['Shop.Desk+watch@17-1', 'closure of Shop.Desk.watch'],
    ['Shop.Desk+_Closure$__5-0', 'closure of Shop.Desk'],
    ['<>f__AnonymousType0<System.Int32, System.Guid>', 'anonymous type (System.Int32, System.Guid)'],
    [`Shop.<Desk>F${'0A'.repeat(32)}__Price`, 'Shop.Price'],
    ['System.Func<Shop.Desk+<>c__DisplayClass0_0>', 'System.Func<Shop.Desk+<>c__DisplayClass0_0>'],
    ['Shop.Box<Shop.Cart>', 'Shop.Box<Shop.Cart>'],
    [
      'System.Runtime.CompilerServices.AsyncTaskMethodBuilder',
      'System.Runtime.CompilerServices.AsyncTaskMethodBuilder',
    ],
    ['<unknown type 0x1>', '(type made at run time)'],
  ])('%s', (type, shown) => {
    expect(shownType(type)).toBe(shown);
  });

  it.each([
    [madeIn('Shop.Desk.Watch'), 'closure of Shop.Desk.Watch'],
    [madeIn('Shop.Desk.Watch', 'Shop.Desk.Wait'), 'closure of Shop.Desk'],
    [madeIn('Shop.Desk..ctor'), 'closure of Shop.Desk'],
    [madeIn('Shop.Deskless.Watch'), 'closure of Shop.Desk'],
    [madeIn('Shop.Desk+<>c__DisplayClass0_0.<Watch>b__0'), 'closure of Shop.Desk'],
  ])('of a closure the method that makes it', (places, shown) => {
    expect(shownType('Shop.Desk+<>c__DisplayClass0_0', places)).toBe(shown);
  });

  it('top-level statements are Main', () => {
    expect(shownType('Program+<>c__DisplayClass0_0', madeIn('Program.<Main>$'))).toBe('closure of Program.Main');
  });

  it('says what else is made there as it is', () => {
    expect(shownType('Shop.Session', madeIn('Shop.Desk.Watch'))).toBe('Shop.Session');
  });

  it('does not read names without end', () => {
    const long = `Shop.${'+<>c__DisplayClass'.repeat(200)}`;
    expect(shownType(long)).toBe(long);
  });
});
