import { describe, expect, it } from 'vitest';
import { checkOptions } from './to-check.ts';

describe('stacks of native memory', () => {
  const started = (more = {}) => checkOptions({ op: 'GET /', ...more }, ['dotnet', 'app.dll']).nativeStacks;
  const attached = (more = {}) =>
    checkOptions({ op: 'GET http://127.0.0.1/', attach: process.pid, ...more }, []).nativeStacks;

  it('are found out in a program that the check has started, unless told otherwise', () => {
    expect(started()).toBe(true);
    expect(started({ nativeStacks: 'auto' })).toBe(true);
    expect(started({ nativeStacks: 'off' })).toBe(false);
  });

  it('are left alone in any other, unless told otherwise', () => {
    expect(attached()).toBe(false);
    expect(attached({ nativeStacks: 'auto' })).toBe(false);
    expect(attached({ nativeStacks: 'on' })).toBe(true);
  });
});
