import type { Channels } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { CALM, runPlan, type } from '../testing/run-plan.ts';
import type { Reading } from './step.ts';

/* What grows like a leak for a while: arrays that double, caches with high limits, timers that wait. */

describe('a collection of numbers, which takes a larger array at a time', () => {
  const capacity = (count: number) => 2 ** Math.ceil(Math.log2(Math.max(4, count)));
  const array = (count: number) => ({
    ...{ type: 'System.Int64[]', module: 'System.Private.CoreLib', instances: 9 },
    bytes: 40_000 + 24 * capacity(count),
  });
  const channels = (count: number) => ({ managedBytes: array(count).bytes + 40 }) as Channels;

  it.each([1, 2, 3, 4, 5])('is a leak, with seed %i', (seed) => {
    const read = (operations: number) => ({
      types: [...CALM, array(20 * operations)],
      channels: channels(20 * operations),
    });
    const { conclusion } = runPlan(read, { seed });
    expect(conclusion).toMatchObject({
      verdict: 'LEAK',
      growth: [{ channel: 'managedBytes', type: 'System.Int64[]' }],
    });
    expect(conclusion.growth).toHaveLength(1);
    expect(conclusion.reason).toMatch(/^System\.Int64\[\] grows by [\d.]+ [kM]?B per operation;/);
  });

  it('is none when what it holds expires, and only the array stays large', () => {
    const seen: { ms: number; operations: number }[] = [];
    let peak = 0;
    const { conclusion } = runPlan((operations, ms) => {
      seen.push({ ms, operations });
      const old = seen.filter((one) => one.ms < ms - 3500).at(-1)?.operations ?? 0;
      peak = Math.max(peak, operations - old);
      return { types: [...CALM, type('Shop.Entry', operations - old), array(2 * peak)] };
    });
    expect(conclusion).toMatchObject({ verdict: 'PASS', growth: [] });
  });

  it.each([300, 5000, 20_000])('is none when it holds at most %i', (most) => {
    const count = (operations: number) => Math.min(most, 20 * operations);
    const { conclusion } = runPlan((operations) => ({
      types: [...CALM, array(count(operations))],
      channels: channels(count(operations)),
    }));
    expect(conclusion.verdict).toBe('PASS');
  });
});

it('the heap that a cache fills has the reason of what is in it, and says of what', () => {
  const kept = (operations: number) => Math.min(3000, operations);
  const { conclusion } = runPlan((operations) => ({
    types: [...CALM, type('Shop.Entry', kept(operations))],
    channels: { managedBytes: 1e6 + 40 * kept(operations) } as Channels,
  }));
  expect(conclusion.verdict).toBe('PASS');
  const why = conclusion.harmless.find((one) => one.channel === 'managedBytes')?.why;
  expect(why).toMatch(/^it came with Shop\.Entry: it reached a limit/);
});

describe('a surge whose size is asked for', () => {
  const cache = (limit: number) => (operations: number) => ({
    types: [...CALM, type('Shop.Entry', Math.min(limit, operations))],
    channels: { managedBytes: 1e6 + 40 * Math.min(limit, operations), instances: Math.min(limit, operations) },
  });

  it('tells a cache with a high limit from a leak', () => {
    expect(runPlan(cache(20_000)).conclusion.verdict).toBe('LEAK');
    const { conclusion, steps } = runPlan(cache(20_000), { surge: 30_000 });
    expect(conclusion.verdict).toBe('PASS');
    expect(conclusion.harmless).toContainEqual(expect.objectContaining({ type: 'Shop.Entry' }));
    const surge = steps.filter(({ phase }) => phase === 'surge').map(({ dose }) => dose);
    expect(surge.slice(0, -6).reduce((sum, dose) => sum + dose, 0)).toBeGreaterThanOrEqual(29_000);
    // At 2 ms for an operation no part takes longer than a request may.
    expect(Math.max(...surge)).toBeLessThanOrEqual(5_000);
  });

  it('keeps what goes on a leak', () => {
    expect(runPlan(cache(Number.POSITIVE_INFINITY), { surge: 30_000 }).conclusion.verdict).toBe('LEAK');
  });

  it('is not made where it would start too many threads', () => {
    let last = 0;
    runPlan(
      (operations) => {
        last = operations;
        return { types: CALM, channels: { threads: 30 + operations } as Channels };
      },
      { surge: 100_000 },
    );
    expect(last).toBeLessThan(800);
  });
});

describe('what grows holds timers of the runtime', () => {
  const waits = (ending: (operations: number) => Partial<Reading>) => {
    const { steps, conclusion } = runPlan((operations) => ({
      types: [...CALM, type('System.Threading.TimerQueueTimer', 5 + operations, 88)],
      ...ending(operations),
    }));
    return {
      verdict: conclusion.verdict,
      waits: steps.flatMap((step) => (step.kind === 'idle' ? [step.waitMs] : [])),
    };
  };

  it('waits for those that end by firing', () => {
    expect(waits((operations) => ({ endingTimers: 2 + operations }))).toEqual({
      verdict: 'LEAK',
      waits: [4000, 29_000],
    });
  });

  it('does not wait for those that fire again and again, or are not set', () => {
    expect(waits(() => ({ endingTimers: 2 }))).toEqual({ verdict: 'LEAK', waits: [4000] });
  });

  it('waits where that could not be read', () => {
    expect(waits(() => ({}))).toEqual({ verdict: 'LEAK', waits: [4000, 29_000] });
  });
});

describe('the last readings of something, one each 100 ms, of which 400 are kept', () => {
  const read = (_: number, ms: number) => ({ types: [...CALM, type('Shop.Reading', Math.min(400, ms / 100))] });

  it('seem to grow for ever', () => {
    expect(runPlan((_, ms) => ({ types: [...CALM, type('Shop.Reading', ms / 100)] })).conclusion.verdict).toBe(
      'GROWS_WHILE_IDLE',
    );
    expect(runPlan(read).conclusion.verdict).toBe('GROWS_WHILE_IDLE');
  });

  it.each([60_000, 300_000])(
    'are harmless when given the time to reach their number, and that is said, with %i ms',
    (idleMs) => {
      expect(runPlan(read, { idleMs }).conclusion).toMatchObject({
        verdict: 'PASS',
        harmless: [{ type: 'Shop.Reading', why: 'it grew with time until it reached a limit' }],
      });
    },
  );

  it('what grows with each reading still does so', () => {
    let readings = 0;
    const { conclusion } = runPlan(() => ({ types: [...CALM, type('Shop.Reading', ++readings)] }), { idleMs: 60_000 });
    expect(conclusion.harmless).toMatchObject([{ why: expect.stringMatching(/^it grows with each reading/) }]);
  });

  it('what goes on with time does so after a long wait too', () => {
    const { conclusion } = runPlan((_, ms) => ({ types: [...CALM, type('Shop.Reading', ms / 100)] }), {
      idleMs: 60_000,
    });
    expect(conclusion.verdict).toBe('GROWS_WHILE_IDLE');
  });
});
