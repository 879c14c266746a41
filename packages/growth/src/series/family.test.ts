import { describe, expect, it } from 'vitest';
import { familyName, isOwn } from './family.ts';

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
  ])('%s is of %s', (type, family) => {
    expect(familyName(type)).toBe(family);
  });

  it('keeps types of .NET apart from own ones', () => {
    expect(isOwn('Shop.Cart', 'Shop.dll')).toBe(true);
    expect(isOwn('SystemsBiology.Cell', 'Bio')).toBe(true);
    expect(isOwn('System.String', 'System.Private.CoreLib')).toBe(false);
    expect(isOwn('Microsoft.AspNetCore.Http.PathString', 'Microsoft.AspNetCore.Http')).toBe(false);
    expect(isOwn('Interop', 'System.Private.CoreLib')).toBe(false);
  });
});
