import { setImmediate } from 'node:timers';
import { type CircusTest, type DescribeBlock, lineOf, testsOf } from './circus.ts';

/**
 * Lines of the tests of a file. Jest maps a stack to sources when it is read, which takes half a millisecond: each is read once,
 * and ahead, while a test waits for something.
 */
export class LineReader {
  readonly #file: string;
  readonly #known = new WeakMap<CircusTest, number | null>();
  #ahead: Iterator<CircusTest> | undefined;
  #over = false;

  /** @param file absolute */
  constructor(file: string) {
    this.#file = file;
  }

  /** Null when the stack does not say. */
  lineOf(test: CircusTest): number | null {
    const known = this.#known.get(test);
    if (known !== undefined) return known;
    const line = lineOf(test, this.#file);
    this.#known.set(test, line);
    return line;
  }

  /** Once, from now on whenever the event loop has nothing else to do, one at a time. */
  readAhead(root: DescribeBlock): void {
    if (this.#ahead || this.#over) return;
    this.#ahead = testsOf(root);
    setImmediate(() => this.#next());
  }

  stop(): void {
    this.#over = true;
  }

  #next(): void {
    if (this.#over) return;
    const next = this.#ahead?.next();
    if (!next || next.done) return;
    this.lineOf(next.value);
    setImmediate(() => this.#next());
  }
}
