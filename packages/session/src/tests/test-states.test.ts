import { expect, it } from 'vitest';
import { TestStates } from './test-states.ts';

it('follows a test from start to end', () => {
  const tests = new TestStates();
  expect(tests.known).toBe(false);
  tests.start(7, 'A', 100);
  expect(tests.running(7).map((test) => test.name)).toEqual(['A']);
  expect(tests.end(7, 'A', 'passed', 130)).toMatchObject({ id: 'A', outcome: 'passed', durationMs: 30 });
  expect(tests.end(7, 'A', 'passed', 140)).toBeUndefined();
  expect(tests.outcome('A')).toBe('passed');
});

it('gives a repeated test its own id', () => {
  const tests = new TestStates();
  tests.start(7, 'A', 0);
  tests.end(7, 'A', 'failed', 1);
  expect(tests.start(7, 'A', 2)).toMatchObject({ id: 'A#2', attempt: 2 });
  expect(tests.outcome('A')).toBe('failed');
});

it('attributes by name, else to the only one, else to the last of several', () => {
  const tests = new TestStates();
  expect(tests.attribute(7, undefined)).toBeUndefined();
  tests.start(7, 'A', 0);
  expect(tests.attribute(7, undefined)).toMatchObject({ test: { name: 'A' }, candidates: 1 });
  tests.start(7, 'B', 1);
  tests.start(8, 'C', 2);
  expect(tests.attribute(7, 'A')).toMatchObject({ test: { name: 'A' }, candidates: 1 });
  expect(tests.attribute(7, undefined)).toMatchObject({ test: { name: 'B' }, candidates: 2 });
  tests.end(7, 'A', 'failed', 3);
  expect(tests.attribute(7, 'A')).toMatchObject({ test: { id: 'A' }, candidates: 1 });
});

it('learns from elsewhere how a test ended that did not tell', () => {
  const tests = new TestStates();
  tests.start(7, 'A', 0);
  tests.end(7, 'A', 'ended', 5);
  expect(tests.unresolved.map(({ id }) => id)).toEqual(['A']);
  expect(tests.resolve('A', 'passed', 4)).toMatchObject({ outcome: 'passed', durationMs: 4 });
  expect(tests.unresolved).toEqual([]);
  expect(tests.outcome('A')).toBe('passed');
  expect([tests.tells(7), tests.tells(8), tests.knows('A'), tests.knows('B')]).toEqual([true, false, true, false]);
});
