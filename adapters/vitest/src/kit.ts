import { sharedClient, TestKit } from '@firstchance/protocol';

const KEY = Symbol.for('firstchance.vitest.kit');
const place = globalThis as { [KEY]?: TestKit };

/** One per test process or vm context, though this module may be loaded twice: inlined for tests, by Node for the runner. */
export const kit: TestKit = (place[KEY] ??= new TestKit(() => sharedClient('vitest')));
