import type { Case } from './cases.ts';

/** What a suite says of its cases before they come. */
export class Totals {
  tests = 0;
  failure = 0;
  error = 0;
  skipped = 0;
  seconds = 0;

  count({ outcome, seconds }: Case): void {
    this.tests += 1;
    if (outcome !== null) this[outcome.kind] += 1;
    this.seconds += seconds;
  }

  add(other: Totals): void {
    this.tests += other.tests;
    this.failure += other.failure;
    this.error += other.error;
    this.skipped += other.skipped;
    this.seconds += other.seconds;
  }
}
