import { describe, expect, it } from 'vitest';
import { isOwn } from './family.ts';

describe('family', () => {
  it('keeps types of .NET apart from own ones', () => {
    expect(isOwn('Shop.Cart', 'Shop.dll')).toBe(true);
    expect(isOwn('SystemsBiology.Cell', 'Bio')).toBe(true);
    expect(isOwn('System.String', 'System.Private.CoreLib')).toBe(false);
    expect(isOwn('Microsoft.AspNetCore.Http.PathString', 'Microsoft.AspNetCore.Http')).toBe(false);
    expect(isOwn('Interop', 'System.Private.CoreLib')).toBe(false);
  });
});
