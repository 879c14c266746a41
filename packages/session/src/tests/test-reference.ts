import type { TestReference } from '@firstchance/model';
import type { RunningTest } from './test-states.ts';

/** Tests that the agent tells about come from xunit's event source: it names the test, not its file. */
export function testReference(test: RunningTest, candidates: number): TestReference {
  return {
    id: test.id,
    title: [test.name],
    file: null,
    line: null,
    runner: 'xunit',
    attempt: test.attempt,
    candidates,
  };
}
