import type { GrowthFinding } from '@firstchance/growth';
import { expect, it } from 'vitest';
import { checkResult } from './check-result.ts';
import { unnamed } from './name-growth.ts';
import { concluded } from './testing/concluded.ts';

const finding = (type: string, follows: GrowthFinding['follows']): GrowthFinding => ({
  ...{ channel: 'instances', type, module: 'Shop.dll', follows, perOperation: 1, low: 1, high: 1 },
  ...(follows === 'time' ? { perSecond: 25 } : {}),
});

it('the sentence leads with what the list leads with, also where a type grows with time as well', () => {
  const found = [finding('Text', 'operation'), finding('Text', 'time'), finding('Shop.Order', 'operation')];
  const conclusion = concluded(found, { reason: 'Text grows' });
  const [text, inTime, order] = unnamed(found);
  if (!text || !inTime || !order) throw new Error('one growth for each finding');
  const execution = { conclusion, graphs: undefined, failure: undefined };
  const { reason } = checkResult(execution, [order, text, inTime], { name: 'GET /', collected: true, notes: [] });
  expect(reason).toMatch(/^Shop\.Order grows by 1 per operation and 1 more; /);
});
