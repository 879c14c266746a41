import type { Channels } from '@firstchance/model';
import { expect, it } from 'vitest';
import { CALM, runPlan, type } from '../testing/run-plan.ts';

/** Managed bytes that grow with the first operations only, beside a type of which there are ever more, or not. */
function check(perOperation: number) {
  return runPlan((operations) => ({
    types: [...CALM, type('Shop.Session', 5 + perOperation * operations, 60)],
    channels: { managedBytes: 1e6 + 60 * Math.min(3500, operations) } as Channels,
  })).conclusion;
}

const told = ({ growth, harmless }: ReturnType<typeof check>) => [...growth, ...harmless].map(({ channel }) => channel);

it('bytes that a leak explains are not called harmless beside it', () => {
  const conclusion = check(1);
  expect(conclusion).toMatchObject({ verdict: 'LEAK', growth: [{ type: 'Shop.Session' }] });
  expect(told(conclusion)).not.toContain('managedBytes');
});

it('without a leak it is said why they are harmless', () => {
  const conclusion = check(0);
  expect(conclusion).toMatchObject({ verdict: 'PASS' });
  expect(told(conclusion)).toContain('managedBytes');
});

const WEAK = 'System.WeakReference<Shop.Page>';

it.each([
  [WEAK, 1, []],
  [WEAK, 2, ['handles']],
  ['System.Reflection.Emit.DynamicResolver', 1, []],
  ['Shop.Page', 1, ['handles']],
])('%s has a handle or none: of %i each is told what that does not explain', (name, each, channels) => {
  const { conclusion } = runPlan((operations) => ({
    types: [...CALM, type(name, operations, 24)],
    channels: { handles: 300 + each * operations } as Channels,
  }));
  expect(conclusion.growth.map(({ channel }) => channel)).toEqual(['instances', ...channels]);
});
