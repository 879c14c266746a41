import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checks } from './checks.mjs';
import { StepError } from './step.mjs';

/** Runs `work` with checks that write into the text given back. */
async function transcript(work) {
  let text = '';
  const { check, report } = checks({ write: (part) => (text += part) });
  const before = process.exitCode;
  await work(check, report);
  report.print();
  const code = process.exitCode;
  process.exitCode = before;
  return { text, code };
}

const counted = (passed, failed) => async () => ({
  passed,
  failed,
  skipped: 0,
  output: 'expected 1',
  repeat: 'repeat me',
});

test('the last line holds the sums of all runners, alone', async () => {
  const { text, code } = await transcript(async (check) => {
    await check('a', counted(3, 0));
    await check('b', async () => 'clean');
    await check('c', counted(4, 0));
  });
  assert.equal(text.split('\n').at(-2), '7 passed, 0 failed');
  assert.equal(code, 0);
});

test('a failed check is told with how to repeat it, and the others still run', async () => {
  const { text, code } = await transcript(async (check) => {
    await check('a', counted(3, 2));
    await check('b', async () => {
      throw new StepError('not formatted');
    });
    await check('c', counted(4, 0));
  });
  assert.match(text, /expected 1\n\na: 3 passed, 2 failed\. To repeat it:\n {2}repeat me/);
  assert.match(text, /not formatted/);
  assert.match(text, /\nFailed: a; b\n\n7 passed, 3 failed\n$/);
  assert.equal(code, 1);
});

test('a build that failed is no pass', async () => {
  const { text, code } = await transcript(async (_, report) => report.broken(new StepError('cmake said no')));
  assert.match(text, /cmake said no[\s\S]*\n0 passed, 1 failed\n$/);
  assert.equal(code, 1);
});

test('what failed once and passed alone is told at the end, with what it said, and does not fail the run', async () => {
  const { text, code } = await transcript((check) =>
    check('a', async () => ({ ...(await counted(5, 0)()), unsteady: ['group is steady'] })),
  );
  assert.match(text, /expected 1[\s\S]*\nUnsteady, failed once .*:\n {2}group is steady\n\n5 passed, 0 failed\n$/);
  assert.equal(code, 0);
});
