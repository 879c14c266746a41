import path from 'node:path';
import { root } from './paths.mjs';

/** Counts in Vitest's JSON report, and where its time went. */
export function vitestCounts(text) {
  const report = text === null ? {} : JSON.parse(text);
  return {
    longest: longest(report.testResults ?? []),
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
    failedFiles: (report.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name),
    failedTests: (report.testResults ?? []).flatMap(({ assertionResults = [] }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ),
  };
}

const SHOWN = 8;

/** The files that took longest, as "15 s folder/file", which is where to look when all of it takes too long. */
function longest(files) {
  return files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .filter(({ seconds }) => seconds >= 1)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN)
    .map(({ name, seconds }) => `${seconds.toFixed(0)} s ${path.relative(root, name).replace(/\.test\.tsx?$/, '')}`);
}

/**
 * Counts in CTest's JUnit report. A test that "was not run" was skipped only when it said so itself: a missing program or a
 * failed fixture is reported the same way and is a failure.
 */
export function ctestCounts(text) {
  const counts = { passed: 0, failed: 0, skipped: 0, failedTests: [] };
  for (const [, name, status, body] of (text ?? '').matchAll(
    /<testcase\b[^>]*?\bname="([^"]*)"[^>]*\bstatus="(\w+)"[^>]*>([\s\S]*?)<\/testcase>/g,
  )) {
    if (status === 'run') {
      counts.passed++;
    } else if (status === 'disabled' || (status === 'notrun' && /<skipped message="SKIP_/.test(body))) {
      counts.skipped++;
    } else {
      counts.failed++;
      counts.failedTests.push(name);
    }
  }
  return counts;
}

/** Counts in the TAP text of Node's test runner. */
export function tapCounts(text) {
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled'),
    skipped: count('skipped') + count('todo'),
  };
}
