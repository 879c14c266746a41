import { repeatedTest, repeatTest, type TestKit } from '@firstchance/protocol';
import { type CircusTest, titleOf } from './circus.ts';

const repeated = new WeakSet<CircusTest>();

/** Makes a test that is about to run repeat its body, when the options name it. One with a callback or a generator cannot. */
export function repeatWhenAsked(test: CircusTest, kit: TestKit): void {
  const { fn } = test;
  // Its retry has it already.
  if (!fn || repeated.has(test)) return;
  const asked = repeatedTest(titleOf(test));
  if (asked === undefined) return;
  if (fn.length > 0 || fn.constructor.name === 'GeneratorFunction') return;
  repeated.add(test);
  test.timeout = asked.timeout;
  // `this` is Jest's test context.
  test.fn = function (this: unknown) {
    return repeatTest(kit, asked, () => fn.call(this));
  };
}
