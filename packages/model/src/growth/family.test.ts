import { describe, expect, it } from 'vitest';
import { boxedStateMachine, familyName, isFamilyName, readableType } from './family.ts';

describe('family', () => {
  it.each([
    ['Plugin17.Handler', 'Plugin#.Handler'],
    ['Shop.Handler<Shop.Event1>', 'Shop.Handler<…>'],
    [
      'System.Collections.Generic.Dictionary<System.Int32, Shop.Box<System.String>>+Entry[]',
      'System.Collections.Generic.Dictionary<…>+Entry[]',
    ],
    ['Script.3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'Script.#'],
    ['Shop.Cart', 'Shop.Cart'],
    ['Shop.Cart+<Add>d__3', 'Shop.Cart+<Add>d__#'],
    ['List`1[[Shop.Cart, Shop]]', 'List`1[[Shop.Cart, Shop]]'],
    ['Broken<', 'Broken<'],
    ['<unknown type 0x7f5dfe59cc08>[]', '(type made at run time)[]'],
  ])('%s is of %s', (type, family) => {
    expect(familyName(type)).toBe(family);
  });

  it('tells families from types', () => {
    expect(['Plugin#.Handler', 'Box<…>', '(type made at run time)'].map(isFamilyName)).toEqual([true, true, true]);
    expect(isFamilyName('Shop.Cart+<Add>d__3')).toBe(false);
    expect(readableType('List<<unknown type 0x7f5dfe59cc08>>')).toBe('List<(type made at run time)>');
  });

  it.each([
    ['AsyncTaskMethodBuilder<System.Threading.Tasks.VoidTaskResult>+AsyncStateMachineBox', 'Shop.Cart+<AddAsync>d__3'],
    ['AsyncTaskMethodBuilder<Shop.Cart+Line>+DebugFinalizableAsyncStateMachineBox', 'Shop.Cart+<AddAsync>d__3'],
    ['PoolingAsyncValueTaskMethodBuilder<System.Int32>+StateMachineBox', 'Shop.Cart+<AddAsync>d__12'],
  ])('a call in %s is known by its method', (box, machine) => {
    const type = `System.Runtime.CompilerServices.${box}<${machine}>`;
    expect(boxedStateMachine(type)).toBe(machine);
  });

  it.each(['Shop.Box<Shop.Cart>', 'System.Runtime.CompilerServices.AsyncTaskMethodBuilder', '<unknown type 0x1>'])(
    '%s is no call',
    (type) => {
      expect(boxedStateMachine(type)).toBeUndefined();
    },
  );
});
