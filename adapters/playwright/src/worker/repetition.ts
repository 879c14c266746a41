import { GROWTH_TEST_MS, GrowthError, isGrowthTest, repeatTest } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';
import { kit } from './kit.ts';
import { testFacts } from './test-facts.ts';

/** A test whose function is repeated because the options name it. */
export class Repetition {
  readonly #test: TestInfo;
  /** What was found. Playwright takes errors from functions of the user only, so a fixture must throw it. */
  failure: Error | undefined;

  private constructor(test: TestInfo) {
    this.#test = test;
  }

  static of(test: TestInfo): Repetition | undefined {
    return isGrowthTest(testFacts(test).title) ? new Repetition(test) : undefined;
  }

  async run(body: () => Promise<unknown>): Promise<void> {
    this.#test.setTimeout(Math.max(GROWTH_TEST_MS, this.#test.timeout));
    let own = true;
    try {
      await repeatTest(kit, testFacts(this.#test).title, async () => {
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
