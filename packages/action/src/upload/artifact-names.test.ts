import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactBase } from './artifact-names.ts';
import { newestAttempts } from './newest-attempts.ts';

const base = (parts: Partial<Parameters<typeof artifactBase>[0]>) =>
  artifactBase({ given: '', job: 'test', matrix: 'null', jobIndex: '0', attempt: '1', ...parts });

describe('names of artifacts', () => {
  it('say job, matrix and attempt', () => {
    expect(base({})).toBe('firstchance-test-1');
    expect(base({ matrix: '{"os":"ubuntu","net":10.0,"flag":true,"list":[1]}', jobIndex: '2' })).toBe(
      'firstchance-test-ubuntu-10-true-2-1',
    );
    expect(base({ given: 'shop', attempt: '3' })).toBe('shop-3');
    expect(base({ given: '../..' })).toBe('firstchance-1');
    expect(base({ matrix: 'no json' })).toBe('firstchance-test-1');
  });

  it('are always what the service takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (given, job, value) => {
          const name = base({ given, job, matrix: JSON.stringify({ value }) });
          expect(name).toMatch(/^[\p{L}\p{N}][\p{L}\p{N}._-]*-1$/u);
          expect(name.length).toBeLessThan(300);
        },
      ),
    );
  });

  it('tell the last attempt of a job from those before it', () => {
    const artifacts = [
      ...['firstchance-a-1-report', 'firstchance-a-2-report', 'firstchance-a-2-report-2', 'firstchance-b-0-1-report'],
      ...['shard-1-1-report', 'shard-2-1-report', 'own'],
    ].map((name) => ({ name }));
    expect(newestAttempts(artifacts).map(({ name }) => name)).toEqual([
      ...['firstchance-a-2-report', 'firstchance-a-2-report-2', 'firstchance-b-0-1-report'],
      ...['shard-1-1-report', 'shard-2-1-report', 'own'],
    ]);
  });
});
