import type { Channels } from '@firstchance/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALM, OPTIONS, runPlan, type } from '../testing/run-plan.ts';
import { planGrowthCheck } from './plan-growth-check.ts';
import type { Reading } from './step.ts';

describe('what a check costs the program', () => {
  it.each([
    ['threads', 800],
    ['fileDescriptors', 1800],
  ] as const)('keeps %s that leak below %i in all', (channel, most) => {
    let last = 0;
    const { steps, conclusion } = runPlan((operations) => {
      last = operations;
      return { types: CALM, channels: { [channel]: 30 + operations } as Channels };
    });
    expect(conclusion).toMatchObject({ verdict: 'LEAK', growth: [{ channel }] });
    expect(steps.some(({ phase }) => phase === 'surge')).toBe(true);
    expect(last).toBeLessThan(most);
  });

  it('does not fill the heap with small objects', () => {
    let last = 0;
    runPlan((operations) => {
      last = 200 * operations;
      return { types: [...CALM, type('Shop.Node', last, 24)], channels: { instances: last, managedBytes: 24 * last } };
    });
    expect(last).toBeLessThan(2_500_000);
  });
});

describe('schedule', () => {
  it('warms up by rounds and by time, then measures blocks of none, k and 2k', () => {
    const { steps } = runPlan(() => ({ types: CALM }));
    const warmUp = steps.filter(({ phase }) => phase === 'warm-up');
    expect(warmUp.length).toBeGreaterThanOrEqual(6);
    const measured = steps.filter(({ phase }) => phase === 'measure').map(({ dose }) => dose);
    expect(measured).toHaveLength(12);
    const k = Math.max(...measured) / 2;
    expect(k * 2).toBeGreaterThanOrEqual(50);
    for (let at = 0; at < 12; at += 3) {
      expect(measured.slice(at, at + 3).toSorted((a, b) => a - b)).toEqual([0, k, 2 * k]);
    }
  });

  it('takes the dose of the caller, and another order with another seed', () => {
    const order = (seed: number) =>
      runPlan(() => ({ types: CALM }), { dose: 7, seed }).steps.flatMap(({ phase, dose }) =>
        phase === 'measure' ? [dose] : [],
      );
    expect(new Set(order(1))).toEqual(new Set([0, 7, 14]));
    expect(order(1)).toEqual(order(1));
    expect(order(2)).not.toEqual(order(1));
  });

  it('gives few operations to slow ones', () => {
    const plan = planGrowthCheck(OPTIONS);
    let ms = 0;
    let largest = 0;
    for (let step = plan.next(ms); step.kind !== 'end'; step = plan.next(ms)) {
      largest = Math.max(largest, step.dose);
      ms += step.dose * 900;
      plan.add(step, { types: CALM, channels: {}, pauseMs: 1, durationMs: step.dose * 900 });
    }
    expect(largest).toBeLessThanOrEqual(5);
    expect(plan.conclude().verdict).toBe('PASS');
  });

  it('asks again for the step that was not read, and refuses the reading of another', () => {
    const plan = planGrowthCheck(OPTIONS);
    const step = plan.next(0);
    expect(plan.next(100)).toEqual(step);
    if (step.kind === 'end') throw new Error('a plan begins with a round');
    expect(() => plan.add({ ...step, index: 5 }, { types: CALM, channels: {}, pauseMs: 0, durationMs: 0 })).toThrow(
      /step 0/,
    );
  });
});

describe('verdict', () => {
  it('is LEAK with rate, interval, type and what it was verified to', () => {
    const { conclusion } = runPlan((operations) => ({ types: [...CALM, type('Shop.Session', operations)] }));
    expect(conclusion.verdict).toBe('LEAK');
    expect(conclusion.growth).toEqual([
      expect.objectContaining({
        channel: 'instances',
        type: 'Shop.Session',
        module: 'Shop',
        follows: 'operation',
        perOperation: 1,
        low: 1,
        high: 1,
        bytesPerOperation: 40,
      }),
    ]);
    expect(conclusion.reason).toContain(`verified to ${conclusion.verifiedOperations} operations`);
    expect(conclusion.minimumDetectable.instancesPerOperation).toBeLessThan(0.01);
    expect(conclusion.rounds.map(({ phase }) => phase)).toContain('surge');
  });

  it('is GROWS_WHILE_IDLE for a timer', () => {
    const { conclusion } = runPlan((_, ms) => ({ types: [...CALM, type('Shop.Tick', Math.floor(ms / 50))] }));
    expect(conclusion.verdict).toBe('GROWS_WHILE_IDLE');
    expect(conclusion.growth[0]?.perSecond).toBeCloseTo(20, 0);
  });

  it('names growth per round with work', () => {
    const { conclusion } = (() => {
      let [rounds, last] = [0, 0];
      return runPlan((operations) => {
        if (operations > last) rounds += 2;
        last = operations;
        return { types: CALM, channels: { fileDescriptors: 100 + rounds } };
      });
    })();
    expect(conclusion.verdict).toBe('LEAK');
    expect(conclusion.growth[0]).toMatchObject({ channel: 'fileDescriptors', follows: 'round', perRound: 2 });
  });

  it('accepts growth within the budget and names it', () => {
    const leak = (operations: number) => ({ types: [...CALM, type('Shop.Session', operations)] });
    const within = runPlan(leak, { budgetBytesPerOperation: 50 }).conclusion;
    expect(within.verdict).toBe('PASS');
    expect(within.harmless).toContainEqual(
      expect.objectContaining({ type: 'Shop.Session', why: expect.stringContaining('budget') }),
    );
    expect(runPlan(leak, { budgetBytesPerOperation: 30 }).conclusion.verdict).toBe('LEAK');
  });

  it('allows no descriptors with a budget of bytes', () => {
    const leak = (operations: number) => ({ types: CALM, channels: { fileDescriptors: operations } });
    expect(runPlan(leak, { budgetBytesPerOperation: 1e6 }).conclusion.verdict).toBe('LEAK');
  });

  it('names a cache that reached its limit, and what follows the rate', () => {
    const cache = runPlan((operations) => ({
      types: [...CALM, type('Shop.Entry', Math.min(4000, operations))],
    })).conclusion;
    expect(cache.verdict).toBe('PASS');
    expect(cache.harmless).toContainEqual(
      expect.objectContaining({ type: 'Shop.Entry', why: expect.stringContaining('limit') }),
    );
  });

  it('never judges resident memory', () => {
    const { conclusion } = runPlan((operations) => ({ types: CALM, channels: { residentBytes: 1e6 * operations } }));
    expect(conclusion.verdict).toBe('PASS');
  });

  it('says which channels were not measured', () => {
    const { conclusion } = runPlan(() => ({ types: CALM, channels: { threads: 4 } }));
    expect(conclusion.notMeasured).toContain('mallocBytes');
    expect(conclusion.notMeasured).not.toContain('threads');
    expect(conclusion.minimumDetectable.nativeBytesPerOperation).toBeNull();
  });
});

describe('failing closed', () => {
  it('is an INFRASTRUCTURE_ERROR when a reading is missing', () => {
    let reads = 0;
    const { conclusion } = runPlan(() => ({ types: ++reads === 9 ? [] : CALM }));
    expect(conclusion).toMatchObject({
      verdict: 'INFRASTRUCTURE_ERROR',
      reason: expect.stringContaining('could not be read'),
    });
  });

  it('is an INFRASTRUCTURE_ERROR when it is cut off', () => {
    const plan = planGrowthCheck(OPTIONS);
    expect(plan.conclude().verdict).toBe('INFRASTRUCTURE_ERROR');
    const step = plan.next(0);
    if (step.kind !== 'end') plan.add(step, { types: CALM, channels: {}, pauseMs: 0, durationMs: 1 });
    expect(plan.conclude()).toMatchObject({
      verdict: 'INFRASTRUCTURE_ERROR',
      reason: expect.stringContaining('1 steps'),
    });
  });

  describe('tells what grew until it was cut off', () => {
    /** What a plan concludes that ends after so many rounds of a phase, or at a reading without types. */
    const cut = (phase: string, rounds: number, broken = false) => {
      const plan = planGrowthCheck({ ...OPTIONS, dose: 10 });
      let operations = 0;
      for (let ms = 0, done = 0; done < rounds; ms += 300) {
        const step = plan.next(ms);
        if (step.kind === 'end') break;
        operations += step.dose;
        done += step.phase === phase ? 1 : 0;
        const types = [...CALM, type('Shop.Watcher', operations), type('Shop.Cache', 100), type('Shop.Start', 12)];
        const channels = { mallocBytes: 1e6 + 5000 * operations, fileDescriptors: 20 + (done > 3 ? 4 : 0) } as Channels;
        plan.add(step, { types: broken && done === rounds ? [] : types, channels, pauseMs: 5, durationMs: 200 });
      }
      return plan.conclude();
    };

    it.each([
      ['measure', 8, false],
      ['measure', 2, false],
      ['warm-up', 7, false],
      ['measure', 4, true],
    ] as const)('in phase %s, after %i rounds', (phase, rounds, broken) => {
      const conclusion = cut(phase, rounds, broken);
      expect(conclusion.verdict).toBe('INFRASTRUCTURE_ERROR');
      expect(conclusion.reason).toMatch(/; until then Shop\.Watcher grows by 1(\.0+)? per operation and 1 more\.$/);
      expect(conclusion.unsure.map((one) => one.type ?? one.channel)).toEqual(['Shop.Watcher', 'mallocBytes']);
      expect(conclusion.unsure[1]?.perOperation).toBeCloseTo(5000, -1);
      expect(conclusion.unsure[0]?.series?.at(-1)).toBeGreaterThan(30);
    });

    it('but not of two rounds, which tell nothing', () => {
      expect(cut('warm-up', 3).unsure).toEqual([]);
    });
  });

  it('survives garbage', () => {
    const garbage = fc.oneof(fc.anything(), fc.record({ types: fc.anything(), channels: fc.anything() }));
    fc.assert(
      fc.property(fc.array(garbage, { minLength: 1, maxLength: 40 }), (readings) => {
        const plan = planGrowthCheck({ ...OPTIONS, dose: 5 });
        let at = 0;
        for (let step = plan.next(at); step.kind !== 'end' && at < 200; step = plan.next(at * 1000)) {
          const reading = readings[at++ % readings.length];
          plan.add(step, reading as Reading);
          plan.progress();
        }
        expect(['INFRASTRUCTURE_ERROR', 'PASS']).toContain(plan.conclude().verdict);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('survives garbage in the channels of a program that leaks', () => {
    fc.assert(
      fc.property(fc.anything(), (channels) => {
        const { conclusion } = runPlan((operations) => ({
          types: [...CALM, type('Shop.Session', operations)],
          channels: channels as Channels,
        }));
        expect(conclusion.verdict).toBe('LEAK');
      }),
      { numRuns: 50, seed: 8 },
    );
  });
});

describe('properties', () => {
  it('never passes a type that grows by exactly one per operation', () => {
    const program = fc.record({
      seed: fc.integer(),
      dose: fc.integer({ min: 1, max: 300 }),
      start: fc.integer({ min: 0, max: 1e6 }),
      name: fc.constantFrom('Shop.Session', 'System.Byte[]', 'System.String', 'X', 'System.Threading.TimerQueueTimer'),
      noise: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }),
      threads: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 10 }),
    });
    fc.assert(
      fc.property(program, ({ seed, dose, start, name, noise, threads }) => {
        let reads = 0;
        const { conclusion } = runPlan(
          (operations) => {
            reads++;
            return {
              types: [type(name, start + operations), type('Shop.Noise', 10 + (noise[reads % noise.length] ?? 0))],
              channels: { threads: 10 + (threads[reads % threads.length] ?? 0) },
            };
          },
          { seed, dose },
        );
        expect(conclusion.verdict).not.toBe('PASS');
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('does not change when constants are added or types are handed in another order', () => {
    const program = fc.record({
      levels: fc.array(fc.constantFrom('leak', 'cache', 'still', 'timer'), { minLength: 1, maxLength: 6 }),
      constant: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(program, ({ levels, constant }) => {
        const read = (add: number, turned: boolean) => (operations: number, ms: number) => {
          const values = { leak: operations, cache: Math.min(700, operations), still: 5, timer: Math.floor(ms / 40) };
          const types = levels.map((level, at) => type(`Shop.T${'abcdef'[at]}`, values[level] + add));
          return { types: turned ? types.toReversed() : types };
        };
        const plain = runPlan(read(1, false)).conclusion;
        const other = runPlan(read(1 + constant, true)).conclusion;
        expect(other.verdict).toBe(plain.verdict);
        expect(other.growth.map((one) => one.type).toSorted()).toEqual(plain.growth.map((one) => one.type).toSorted());
      }),
      { numRuns: 30, seed: 4 },
    );
  });
});

describe('evidence', () => {
  it('holds the level of each growing type after each step', () => {
    const { steps, conclusion } = runPlan((operations) => ({ types: [...CALM, type('Shop.Kept', operations)] }));
    const [kept] = conclusion.growth;
    let done = 0;
    expect(kept?.series).toEqual(steps.map(({ dose }) => (done += dose)));
  });
});

it('does not doubt for a single step of memory where no surge is possible', () => {
  let readings = 0;
  const { conclusion } = runPlan(
    (operations) => {
      readings++;
      const other = 5e6 + 40 * operations + (readings > 30 ? 4e6 : 0);
      return { types: CALM, channels: { privateBytes: { other } } as Channels };
    },
    { surgeMs: 0, dose: 10 },
  );
  expect(conclusion.verdict).toBe('PASS');
});

it('judges a channel that a few readings lack', () => {
  let readings = 0;
  const { conclusion } = runPlan((operations) => {
    readings++;
    return { types: CALM, channels: (readings % 5 === 0 ? {} : { mallocBytes: 5e6 + 3000 * operations }) as Channels };
  });
  expect(conclusion).toMatchObject({ verdict: 'LEAK', growth: [{ channel: 'mallocBytes' }] });
  expect(conclusion.notMeasured).not.toContain('mallocBytes');
});
