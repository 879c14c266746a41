import { expect, it } from 'vitest';
import { ownerPart } from './owner-part.ts';

it('is said where the stack explains the growth only in part', () => {
  expect(ownerPart({ ownerShare: 0.632 })).toBe(', 63 % of it');
  expect(ownerPart({ ownerShare: 0.93 })).toBe('');
  expect(ownerPart({})).toBe('');
});
