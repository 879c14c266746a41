import { describe, expect, it } from 'vitest';
import { mixed } from '../testing/mixed-frames.ts';
import { tellingFrames } from './native-frames.ts';

const told = (text: string) => tellingFrames(mixed(text)).map(({ method }) => method);

describe('the frames of a native stack that tell something', () => {
  it('are own methods: neither the C library, nor the runtime, nor its host', () => {
    const host = 'libcoreclr.so!fn_1 libhostpolicy.so!fn_2 dotnet!main libc.so.6!start';
    expect(told(`libSystem.Native.so!SystemNative_Malloc System.AllocHGlobal Shop.Cut Shop.Print ${host}`)).toEqual([
      'Shop.Cut',
      'Shop.Print',
    ]);
  });

  it("begin with a third party's library, as far as it says how it is entered", () => {
    const inside = 'libz.so.1!a libz.so.1!b libz.so.1!c libz.so.1!d';
    expect(told(`libstdc++.so.6!new ${inside} Shop.Pack`)).toEqual([
      'libz.so.1!a',
      'libz.so.1!b',
      'libz.so.1!c',
      'Shop.Pack',
    ]);
  });

  it('are what there is where nothing is own', () => {
    expect(told('libc.so.6!strdup libclrjit.so!fn_9 libcoreclr.so!fn_8')).toEqual([
      'libclrjit.so!fn_9',
      'libcoreclr.so!fn_8',
    ]);
    expect(told('libSystem.Native.so!SystemNative_Malloc System.Run libcoreclr.so!fn_8')).toEqual([
      'libSystem.Native.so!SystemNative_Malloc',
      'System.Run',
    ]);
    expect(tellingFrames([])).toEqual([]);
  });

  it('have a method once that was replaced while it ran', () => {
    expect(told('Shop.Cut Shop.Run Shop.Run libz.so.1!a libz.so.1!b libz.so.1!b Shop.Main')).toEqual([
      ...['Shop.Cut', 'Shop.Run', 'libz.so.1!a', 'libz.so.1!b', 'Shop.Main'],
    ]);
  });

  it('are ten at most', () => {
    const many = Array.from({ length: 30 }, (_, index) => `Shop.M${index}`).join(' ');
    expect(told(many)).toHaveLength(10);
  });
});
