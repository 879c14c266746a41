import type { TestReference } from '@firstchance/model';
import type { FoundTest } from './frames/find-test.ts';
import type { RunningTest } from './test-states.ts';

/** xunit's event source, from which the agent knows of tests, names the test, not its file. */
export function testReference(test: RunningTest, candidates: number): TestReference {
  return {
    id: test.id,
    title: [test.name],
    file: null,
    line: null,
    runner: test.runner,
    attempt: test.attempt,
    candidates,
  };
}

/** A test found by its frames: its method is known, its case and attempt are not. */
export function frameReference({ method, runner, candidates }: FoundTest): TestReference {
  return { id: method, title: [method], file: null, line: null, runner, attempt: 1, candidates };
}
