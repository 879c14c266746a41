import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CountLimit } from './count-limit.ts';
import { DiskBudget } from './disk-budget.ts';

it('counts up to the limit and takes back what was given up', () => {
  const limit = new CountLimit(2);
  expect([limit.reserve(), limit.reserve(), limit.reserve()]).toEqual([true, true, false]);
  limit.release();
  expect(limit.exhausted).toBe(false);
  expect([limit.reserve(), limit.reserve()]).toEqual([true, false]);
});

it('knows no limit at 0', () => {
  const limit = new CountLimit(0);
  expect(Array.from({ length: 50 }, () => limit.reserve()).every(Boolean)).toBe(true);
  expect(new DiskBudget(0).finish(1e15)).toBe(true);
});

it('expects the next dump to be as large as the largest', () => {
  const budget = new DiskBudget(100);
  budget.begin();
  expect(budget.finish(40)).toBe(true);
  expect(budget.hasRoom).toBe(true);
  budget.begin();
  expect(budget.hasRoom).toBe(false);
  expect(budget.finish(70)).toBe(false);
  expect(budget.usedBytes).toBe(40);
});

it('never uses more than allowed', () => {
  const steps = fc.array(fc.record({ bytes: fc.nat(60), give: fc.boolean() }));
  fc.assert(
    fc.property(steps, (sequence) => {
      const budget = new DiskBudget(100);
      for (const { bytes, give } of sequence) {
        if (!budget.hasRoom) continue;
        budget.begin();
        if (budget.finish(bytes) && give) budget.release(bytes);
        expect(budget.usedBytes).toBeLessThanOrEqual(100);
      }
    }),
  );
});
