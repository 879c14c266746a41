import type { GrowthFinding } from '@firstchance/growth';
import { describe, expect, it } from 'vitest';
import { withoutKeptByRuntime } from './kept-by-runtime.ts';
import { unnamed } from './name-growth.ts';
import { concluded } from './testing/concluded.ts';

const finding = (type: string, follows: GrowthFinding['follows'] = 'operation'): GrowthFinding => ({
  ...{ channel: 'instances', type, module: 'Some.dll', follows, perOperation: 0.03, low: 0.03, high: 0.06 },
});
const strings = finding('System.String');

/** Growth as it is named, strings with this root. */
function judged(findings: readonly GrowthFinding[], root: string, more = {}) {
  const named = unnamed(findings).map((one) => {
    return one.type === strings.type ? { ...one, path: [root, 'String[]', 'String'] } : one;
  });
  return withoutKeptByRuntime(concluded(findings, more), named);
}

const NUMBERS = 'static System.Number.s_smallNumberCache';

describe('strings that the runtime makes once for each small number', () => {
  it('are no leak, though they came with the operations', () => {
    const { conclusion, growth } = judged([strings], NUMBERS);
    expect(growth).toEqual([]);
    expect(conclusion).toMatchObject({ verdict: 'PASS', growth: [] });
    expect(conclusion.reason).toMatch(/^Nothing grows with the operations/);
    expect(conclusion.harmless).toEqual([{ ...strings, why: 'the runtime keeps strings of small numbers' }]);
  });

  it('are taken out beside a leak, which stays', () => {
    const { conclusion, growth } = judged([finding('Shop.Order'), strings], NUMBERS);
    expect(growth.map(({ type }) => type)).toEqual(['Shop.Order']);
    expect(conclusion.verdict).toBe('LEAK');
    expect(conclusion.reason).toMatch(/^Shop\.Order grows by 0\.03 per operation; /);
  });

  it.each([
    ['GROWS_WHILE_IDLE', {}],
    ['INCONCLUSIVE', { unsure: [{ ...finding('Shop.Page'), why: 'it grew too few times' }] }],
  ])('leave the verdict on what else grows: %s', (verdict, more) => {
    expect(judged([finding('Shop.Tick', 'time'), strings], NUMBERS, more).conclusion.verdict).toBe(verdict);
  });

  it('are not uncertain any more once their path is known', () => {
    const unsure = [{ ...strings, why: 'a large dose made it grow, but less than before' }];
    const named = unnamed(unsure).map((one) => ({ ...one, path: [NUMBERS, 'String[]', 'String'] }));
    const { conclusion } = withoutKeptByRuntime(concluded([], { verdict: 'INCONCLUSIVE', unsure }), [], named);
    expect(conclusion).toMatchObject({ verdict: 'PASS', unsure: [], harmless: [{ type: 'System.String' }] });
  });

  it('are others where the program keeps them', () => {
    const { conclusion, growth } = judged([strings], 'static Shop.Names.s_all');
    expect(growth).toHaveLength(1);
    expect(conclusion.verdict).toBe('LEAK');
  });
});
