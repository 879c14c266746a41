import type { Growth } from '@firstchance/model';
import { expect, it } from 'vitest';
import { foldHeld, heldNames, subjectWithHeld } from './fold-held.ts';

const growth = (type: string, heldBy?: string): Growth => ({
  ...{ channel: 'instances', type, perOperation: 1, low: 1, high: 1, fingerprint: '' },
  ...(heldBy === undefined ? {} : { heldBy }),
});

it('puts what is held below the type that holds all of it', () => {
  const heads = foldHeld([growth('Order'), growth('Line', 'Order'), growth('String', 'Line'), growth('Tick')]);
  expect(heads.map(subjectWithHeld)).toEqual(['Order (+2 held by it)', 'Tick']);
  expect(heads.map(heldNames)).toEqual(['Line, String', '']);
});

it('loses nothing where the holder is not listed or types hold each other', () => {
  const heads = foldHeld([growth('A', 'gone'), growth('B', 'C'), growth('C', 'B')]);
  expect(heads.map(({ type }) => type)).toEqual(['A', 'B', 'C']);
});
