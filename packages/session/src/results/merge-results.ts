import type { Captures } from '../capture/captures.ts';
import type { Recorder } from '../records/recorder.ts';
import type { EndedTest } from '../tests/test-states.ts';
import type { TestTracker } from '../tests/test-tracker.ts';
import { resultOf } from './result-of.ts';
import type { TestResult } from './test-result.ts';

export interface MergeContext {
  readonly recorder: Recorder;
  readonly tests: TestTracker;
  readonly captures: Captures;
}

/**
 * Joins the results of a run with what was seen of its tests: tests that told their start learn how they ended, the others get
 * a record, and captures whose test is known only by its frames are decided.
 */
export function mergeResults(results: readonly TestResult[], context: MergeContext): void {
  const { tests, captures } = context;
  const byName = groupBy(results, ({ name }) => name);
  for (const [name, ended] of groupBy(tests.states.unresolved, (test) => test.name)) {
    for (const { test, result } of pair(ended, byName.get(name) ?? []))
      tests.resolved(test.id, result.outcome, result.durationMs);
  }
  for (const [name, same] of byName) if (!tests.states.knows(name)) recordTests(same, context.recorder);
  captures.resolve((test, moment) => resultOf(test, moment, results));
}

/** Runs of one test in their order; when their numbers differ only a unanimous answer is one. */
function pair(ended: readonly EndedTest[], results: readonly TestResult[]): { test: EndedTest; result: TestResult }[] {
  const [first] = results;
  const unanimous = first !== undefined && results.every(({ outcome }) => outcome === first.outcome);
  if (ended.length !== results.length && !unanimous) return [];
  return ended.flatMap((test, at) => {
    const result = results[at] ?? first;
    return result ? [{ test, result }] : [];
  });
}

/** Tests of one name; each of its runs is an attempt. */
function recordTests(same: readonly TestResult[], recorder: Recorder): void {
  for (const [at, { name, runner, outcome, durationMs }] of same.entries()) {
    const id = at === 0 ? name : `${name}#${at + 1}`;
    recorder.write({
      ...{ record: 'test', id, title: [name], file: null, line: null, runner, attempt: at + 1 },
      ...{ state: outcome, durationMs },
    });
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
