import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root } from './paths.mjs';
import { ctestCounts, tapCounts, vitestCounts } from './test-counts.mjs';

test('counts of CTest: only what says that it was skipped is skipped', () => {
  const report = `<testsuite name="x" tests="5" failures="1" disabled="1" skipped="2">
<testcase name="a" classname="a" time="0.1" status="run"><system-out>ok</system-out></testcase>
<testcase name="b" classname="b" time="0.1" status="fail"><failure message=""/><system-out>status="run"</system-out></testcase>
<testcase name="c" classname="c" time="0" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>
<testcase name="d" classname="d" time="0" status="notrun"><skipped message="Unable to find executable"/></testcase>
<testcase name="e" classname="e" time="0" status="disabled"><system-out></system-out></testcase></testsuite>`;
  assert.deepEqual(ctestCounts(report), { passed: 1, failed: 2, skipped: 2, failedTests: ['b', 'd'] });
  assert.deepEqual(ctestCounts(null), { passed: 0, failed: 0, skipped: 0, failedTests: [] });
});

test('counts of Vitest', () => {
  const files = [900, 2100, 61_000].map((endTime, index) => ({
    ...{ name: `${root}/test/run/f${index}.test.ts`, startTime: 0, endTime, status: index === 1 ? 'failed' : 'passed' },
    assertionResults: [{ fullName: `group test ${index}`, status: index === 1 ? 'failed' : 'passed' }],
  }));
  const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: files };
  const longest = ['61 s test/run/f2', '2 s test/run/f1'];
  assert.deepEqual(vitestCounts(JSON.stringify(report)), {
    ...{ longest, passed: 3, failed: 1, skipped: 3 },
    ...{ failedFiles: [`${root}/test/run/f1.test.ts`], failedTests: ['group test 1'] },
  });
  const nothing = { longest: [], passed: 0, failed: 0, skipped: 0, failedFiles: [], failedTests: [] };
  assert.deepEqual(vitestCounts(null), nothing);
});

test('counts of Node, whose cancelled tests are failures', () => {
  const text = '1..4\n# tests 7\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 1\n';
  assert.deepEqual(tapCounts(text), { passed: 3, failed: 2, skipped: 2 });
});
