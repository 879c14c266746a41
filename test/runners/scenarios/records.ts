import { expect } from 'vitest';
import type { ManifestLine } from '../../support/firstchance.ts';

export const of = (records: readonly ManifestLine[], kind: string) => records.filter(({ record }) => record === kind);

export const titled = (one: ManifestLine, title: string) => (one.title as string[]).at(-1) === title;

/** The states a test went through. */
export const statesOf = (records: readonly ManifestLine[], title: string): unknown[] =>
  of(records, 'test')
    .filter((one) => titled(one, title))
    .map(({ state }) => state);

/** One after the other, whatever is in between. */
export function expectOrder(
  records: readonly ManifestLine[],
  steps: readonly ((one: ManifestLine) => boolean)[],
): void {
  let at = -1;
  for (const [index, step] of steps.entries()) {
    const found = records.findIndex((one, place) => place > at && step(one));
    expect(found, `step ${index + 1} of ${steps.length}`).toBeGreaterThan(at);
    at = found;
  }
}
