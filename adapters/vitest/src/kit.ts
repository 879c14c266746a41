import { sharedClient, TestKit } from '@firstchance/protocol';

const KEY = Symbol.for('firstchance.vitest.kit');

/** One per test process or vm context, though this module may be loaded twice: inlined for tests, by Node for the runner. */
export const kit: TestKit = shared();

function shared(): TestKit {
  const place = globalThis as { [KEY]?: TestKit };
  place[KEY] ??= new TestKit(() => sharedClient('vitest'));
  return place[KEY];
}
