import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors/firstchance-error.ts';
import { CONFIGURABLE } from '../options/table.ts';
import { defaultValues, mergeOptions } from './merge.ts';
import { configFileSchema } from './schema.ts';
import { validateConfig } from './validate.ts';

describe('a configuration file', () => {
  it('is parsed to ms, bytes and MB', () => {
    const content = { $schema: 'x', deadline: '30s', count: 3, filter: '*Timeout*', raw: true, maxMemory: '1.5GB' };
    expect(validateConfig(content, 'c')).toEqual({
      ...{ deadline: 30_000, count: 3, filter: ['*Timeout*'], raw: true, maxMemory: 1500 },
    });
    expect(validateConfig({ maxDisk: 500, filter: ['a', '!b'] }, 'c')).toEqual({ maxDisk: 500, filter: ['a', '!b'] });
  });

  it.each([
    [{ deadlne: '3s' }, 'c: unknown key "deadlne"; did you mean "deadline"?'],
    [{ xyzzyplugh: 1 }, /^c: unknown key "xyzzyplugh"; known are exceptions, /],
    [{ deadline: 'soon' }, 'c: "deadline" is "soon"; write a time like 500ms, 30s, 10m or 1h30m'],
    [{ dump: 'huge' }, 'c: "dump" is "huge"; it must be one of mini, focus, heap, full, none'],
    [{ raw: 'yes' }, 'c: "raw" is "yes"; it must be true or false'],
    [{ filter: [1] }, 'c: "filter" is [1]; it must be a text or a list of texts'],
    [{ output: 3 }, 'c: "output" is 3; it must be a text'],
    [{ count: {} }, 'c: "count" is {}; it must be a text or a number'],
    [{ count: -1 }, 'c: "count" is -1; write a whole number like 10'],
    [{ compressionThreads: 3 }, 'c: "compressionThreads" is 3; write a whole number from 1 to 2'],
    [{ json: true }, /unknown key "json"/],
    [{ constructor: 1 }, /unknown key "constructor"/],
    [[], /must be an object/],
    [null, /must be an object/],
    ['x', /must be an object/],
  ])('names the key: %j', (content, message) => {
    expect(() => validateConfig(content, 'c')).toThrow(message);
  });

  it('refuses anything else with a sentence', () => {
    const names = CONFIGURABLE.map(({ name }) => name);
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.anything()), (content) => {
        try {
          validateConfig(content, 'c');
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).toMatch(/^c: /);
        }
      }),
    );
  });

  it('is described by a schema that refuses nothing the validation takes', () => {
    const schema = configFileSchema();
    const text = fc.oneof(fc.constantFrom('30s', '2GB', '3', '1h30m', '1.5GB', 'heap', 'failed', 'x'), fc.string());
    const value = fc.oneof(fc.boolean(), fc.nat(5), text, fc.array(text));
    const names = CONFIGURABLE.map(({ name }) => name);
    let taken = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 }), (content) => {
        try {
          validateConfig(content, 'c');
        } catch {
          return;
        }
        taken += 1;
        expect(schema.safeParse(content).error).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(schema.safeParse({ deadlne: '3s' }).success).toBe(false);
    expect(schema.safeParse({ deadline: 'soon' }).success).toBe(false);
  });
});

describe('what holds in the end', () => {
  it('has the defaults of the contract', () => {
    expect(defaultValues()).toMatchObject({
      ...{ exceptions: 'unhandled', dump: 'heap', count: 10, perPlace: 1, perType: 3, keep: 'failed' },
      ...{ maxDisk: 2e9, keepSessions: 5, requireCapture: false, thorough: false },
    });
    expect(defaultValues()).not.toHaveProperty('deadline');
  });

  it('puts the command line before the file before the defaults', () => {
    const merged = mergeOptions({ dump: 'mini', maxDisk: 1, filter: ['a'] }, { dump: 'full', filter: ['b'] });
    expect(merged).toMatchObject({ dump: 'full', maxDisk: 1, keepSessions: 5, filter: ['b'] });
    expect(mergeOptions({ dump: 'mini' }, { dump: undefined })).toMatchObject({ dump: 'mini' });
  });

  it('lets every match count when a COUNT is given, unless limits are given too', () => {
    expect(mergeOptions({}, { count: 20 })).toMatchObject({ count: 20, perPlace: 0, perType: 0 });
    expect(mergeOptions({ perType: 2 }, { count: 20 })).toMatchObject({ perPlace: 0, perType: 2 });
    expect(mergeOptions({}, {})).toMatchObject({ count: 10, perPlace: 1, perType: 3 });
  });

  it('does not change what it was given', () => {
    const [file, line] = [Object.freeze({ count: 3 }), Object.freeze({ dump: 'mini' })];
    expect(mergeOptions(file, line)).toMatchObject({ count: 3, perPlace: 0 });
  });
});
