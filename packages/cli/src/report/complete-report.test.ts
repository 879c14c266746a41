import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { picturesBudgetMs } from './complete-report.ts';

it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('nobody waits for pictures after %s', (signal) => {
  expect(picturesBudgetMs(128 + constants.signals[signal])).toBe(0);
});

it.each([0, 1, 90, 93, 137])('exit code %i is no reason to do without', (code) => {
  expect(picturesBudgetMs(code)).toBeGreaterThan(0);
});
