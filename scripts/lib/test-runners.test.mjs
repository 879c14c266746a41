import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againIfFew } from './test-runners.mjs';

const first = (failedTests, more = {}) => ({
  ...{ passed: 7, failed: failedTests.length, skipped: 1, unnamed: 0, failedTests, output: 'expected 1', ...more },
});
const again = (failed) => async () => ({ failed });
const never = async () => assert.fail('ran again');

test('a few failures run again alone, and are unsteady when all of them pass', async () => {
  const result = await againIfFew(first(['a', 'b']), again(0));
  assert.deepEqual([result.passed, result.failed, result.unsteady], [9, 0, ['a', 'b']]);
});

test('what fails again has failed, with what it said first', async () => {
  const failed = first(['a', 'b']);
  assert.equal(await againIfFew(failed, again(1)), failed);
});

test('nothing runs again where nothing failed, much failed, or a runner failed without naming a test', async () => {
  for (const one of [
    first([]),
    first(['a', 'b', 'c', 'd']),
    first(['a'], { failed: 2 }),
    first([], { failed: 1, unnamed: 1 }),
  ])
    assert.equal(await againIfFew(one, never), one);
});
