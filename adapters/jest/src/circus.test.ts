import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CircusTest, lineOf, timeoutText, titleOf } from './circus.ts';

const root = { name: 'ROOT_DESCRIBE_BLOCK' };
const test: CircusTest = {
  name: 'adds',
  parent: { name: 'items', parent: { name: 'Cart', parent: root } },
  invocations: 1,
  errors: [],
};

it('a title has the suites first, without the root nobody wrote', () => {
  expect(titleOf(test)).toEqual(['Cart', 'items', 'adds']);
  expect(titleOf({ name: 'alone', parent: root } as CircusTest)).toEqual(['alone']);
});

describe('a timeout', () => {
  // As jest-circus 29.7 and 30.5 put them into events and into test.errors.
  const text = 'Exceeded timeout of 2000 ms for a test.\nAdd a timeout value to this test';
  it.each([
    ['the plain text of the event', text],
    ['with the error of its place', [text, new Error('at')]],
    ['as an error', new Error(text)],
    ['as an error of the sandbox', runInNewContext('new Error(text)', { text })],
    ['of a hook', 'Exceeded timeout of 5000 ms for a hook.'],
  ])('is known: %s', (_, error) =>
    expect(timeoutText(error)).toMatch(/^Exceeded timeout of \d+ ms for a (test|hook)$/),
  );

  it('is nothing else', () => {
    for (const error of [new Error('expected 1'), ['Timed out'], undefined, null, 7, []])
      expect(timeoutText(error)).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (error) => void timeoutText(error)));
  });
});

it('a line is that of the test file in the stack, also of an error of the sandbox', () => {
  const stack = 'Error\n    at other (/x/other.js:1:1)\n    at Object.<anonymous> (/x/a.test.js:12:3)\n    at z';
  expect(lineOf({ ...test, asyncError: { stack } }, '/x/a.test.js')).toBe(12);
  expect(lineOf({ ...test, asyncError: runInNewContext('({ stack })', { stack }) }, '/x/a.test.js')).toBe(12);
  expect(lineOf({ ...test, asyncError: { stack } }, '/x/b.test.js')).toBeNull();
  expect(lineOf(test, '/x/a.test.js')).toBeNull();
});
