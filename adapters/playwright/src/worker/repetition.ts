import { GrowthError, type Repeated, repeatedTest, repeatTest } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';
import { kit } from './kit.ts';
import { testFacts } from './test-facts.ts';

/** A test whose function is repeated because the options name it. */
export class Repetition {
  readonly #test: TestInfo;
  readonly #asked: Repeated;
  /** What was found. Playwright takes errors from functions of the user only, so a fixture must throw it. */
  failure: Error | undefined;

  private constructor(test: TestInfo, asked: Repeated) {
    this.#test = test;
    this.#asked = asked;
  }

  static of(test: TestInfo): Repetition | undefined {
    const asked = repeatedTest(testFacts(test).title);
    return asked && new Repetition(test, asked);
  }

  async run(body: () => Promise<unknown>): Promise<void> {
    this.#test.setTimeout(Math.max(this.#asked.timeout, this.#test.timeout));
    let own = true;
    try {
      await repeatTest(kit, this.#asked, async () => {
        await body();
        own = false;
      });
    } catch (error) {
      // What its first run throws, Playwright knows from the function itself.
      if (!own || error instanceof GrowthError)
        this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}
