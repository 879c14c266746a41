import type { CheckRecord, Growth, GrowthCheck, TestRecord } from '@firstchance/model';
import { expect, it } from 'vitest';
import { checkTitle, growthTitle } from './titles.ts';

const record = { id: '0001' } as CheckRecord;
const check = (name?: string) => () => ({ name }) as GrowthCheck;

it('a check is called after its test, else after its operation', () => {
  const test = { title: ['Cart', 'keeps nothing'] } as unknown as TestRecord;
  expect(checkTitle({ record, check: check('operation'), test })).toBe('0001 Cart > keeps nothing');
  expect(checkTitle({ record, check: check('POST /orders'), test: null })).toBe('0001 POST /orders');
  expect(checkTitle({ record, check: () => null, test: null })).toBe('0001');
});

it('growth has the bytes of the verdict: all that hangs on the objects', () => {
  const growth: Growth = {
    ...{ channel: 'instances', type: 'Shop.Visitor', perOperation: 1, low: 1, high: 1, fingerprint: '' },
    ...{ bytesPerOperation: 24, retainedBytesPerOperation: 152 },
  };
  expect(growthTitle(growth)).toBe('+1.00, 152 B per operation: Shop.Visitor');
});
