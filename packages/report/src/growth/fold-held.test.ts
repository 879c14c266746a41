import type { Growth } from '@firstchance/model';
import { expect, it } from 'vitest';
import { carrierNames, foldHeld, heldNames, subjectWithHeld } from './fold-held.ts';

const growth = (type: string, heldBy?: string): Growth => ({
  ...{ channel: 'instances', type, perOperation: 1, low: 1, high: 1, fingerprint: '' },
  ...(heldBy === undefined ? {} : { heldBy }),
});

it('puts what is held below the type that holds all of it', () => {
  const heads = foldHeld([growth('Order'), growth('Line', 'Order'), growth('String', 'Line'), growth('Tick')]);
  expect(heads.map(subjectWithHeld)).toEqual(['Order (+2 held by it)', 'Tick']);
  expect(heads.map(heldNames)).toEqual(['Line, String', '']);
});

it('puts what stands on its path, one for one, beside it', () => {
  const on = (type: string, path: string[], bytes: number, more: Partial<Growth> = {}): Growth => ({
    ...growth(type),
    ...{ path, retainedBytesPerOperation: bytes, ...more },
  });
  const heads = foldHeld([
    on('Order', ['static S.s_all', 'Dictionary', 'Node', 'Order'], 100),
    on('Node', ['static S.s_all', 'Dictionary', 'Node'], 148),
    on('Key', ['static S.s_all', 'Dictionary', 'Node', 'Key'], 24, { heldBy: 'Node' }),
    on('Twice', ['static S.s_all', 'Dictionary'], 200, { perOperation: 2 }),
  ]);
  expect(heads.map(subjectWithHeld)).toEqual(['Order', 'Twice']);
  expect(heads.map(carrierNames)).toEqual(['Node, Key: 148 B in all', '']);
});

it('puts a type that stands twice on the path of each object beside it, and names a type once', () => {
  const path = ['static S.s_all', 'Action', 'Object[]', 'Action', 'Registration', 'Action', 'View'];
  const heads = foldHeld([
    { ...growth('View'), path },
    { ...growth('Action'), path: path.slice(0, 4), perOperation: 2 },
    growth('String', 'View'),
    { ...growth('String', 'View'), follows: 'time' },
  ]);
  expect(heads.map(carrierNames)).toEqual(['Action']);
  expect(heads.map(heldNames)).toEqual(['String']);
});

it('puts what every thread has below the threads', () => {
  const part = (type: string, path: string[]): Growth => ({ ...growth(type), path });
  const all = [
    { channel: 'threads', perOperation: 1, low: 1, high: 1, fingerprint: '' },
    part('System.Object[]', ["thread 182 '.NET TP Worker' statics", 'Object[]']),
    part('System.Threading.Thread', ['strong handle', 'Thread']),
    part('Shop.Order', ['static Shop.Store.s_all', 'Order']),
    { channel: 'privateBytes.stacks', perOperation: 8192, low: 8192, high: 8192, fingerprint: '' },
  ];
  const heads = foldHeld(all);
  expect(heads.map(subjectWithHeld)).toEqual(['threads (+3 held by it)', 'Shop.Order']);
  expect(heads.map(heldNames)).toEqual(['System.Object[], System.Threading.Thread, thread stacks', '']);
  expect(foldHeld(all.slice(1))).toHaveLength(4);
});

it('loses nothing where the holder is not listed or types hold each other', () => {
  const heads = foldHeld([growth('A', 'gone'), growth('B', 'C'), growth('C', 'B')]);
  expect(heads.map(({ type }) => type)).toEqual(['A', 'B', 'C']);
});
