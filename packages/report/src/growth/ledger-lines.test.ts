import type { CensusRecord } from '@firstchance/model';
import { expect, it } from 'vitest';
import { plainStyle } from '../terminal/style.ts';
import { ledgerLines } from './ledger-lines.ts';

const record = (testId: string, bytes: number, more: Partial<CensusRecord> = {}): CensusRecord => ({
  ...{ record: 'census', schema: 1, session: 's', time: '2026-01-01T00:00:00.000Z', id: testId, testId },
  ...{ candidates: 1, pauseMs: 6, channels: {}, merged: [] },
  left: bytes === 0 ? [] : [{ type: 'Shop.Session', module: 'Shop.dll', instances: 3, bytes }],
  ...more,
});

it('is sorted by what was left, and names tests that share a reading', () => {
  const records = [
    record('Shop.Tests.Small', 300),
    record('Shop.Tests.Clean', 0),
    record('Shop.Tests.Large', 5000, { merged: ['A', 'B'], candidates: 3 }),
    record('Shop.Tests.Beside', 400, { candidates: 2 }),
  ];
  expect(ledgerLines(records, plainStyle(100))).toEqual([
    'left behind by                                 bytes  most of it',
    'Shop.Tests.Large and 2 before it              5.0 kB  Session +3',
    'Shop.Tests.Beside, or one of 1 that ran then   400 B  Session +3',
    'Shop.Tests.Small                               300 B  Session +3',
  ]);
});

it('names own types first, unless they are nothing beside what was left', () => {
  const platform = (type: string, instances: number, bytes: number) => ({
    ...{ type, instances, bytes, module: 'System.Private.CoreLib.dll' },
  });
  const entries = platform('System.ValueTuple<System.Guid, System.Int32>[]', 2, 393_264);
  const buffers = platform('System.Byte[]', 427, 470_448);
  const most = (...left: CensusRecord['left']) =>
    ledgerLines([record('Shop.Tests.Audit', 1, { left })], plainStyle(160))[1]?.replace(/^.*B {2}/, '');
  const property = { type: 'Newtonsoft.Json.JsonProperty', module: 'Newtonsoft.Json.dll', instances: 9, bytes: 1944 };
  expect(most(buffers, entries, property, platform('System.String', 12, 400))).toBe(
    'Byte[] +427, ValueTuple<Guid, Int32>[] +2, JsonProperty +9',
  );
  const session = { type: 'Shop.Session', module: 'Shop.dll', instances: 400, bytes: 9600 };
  expect(most(buffers, entries, session)).toBe('Session +400, Byte[] +427, ValueTuple<Guid, Int32>[] +2');
});

it('says that nothing was left, and nothing when nothing was read', () => {
  expect(ledgerLines([record('A', 0)], plainStyle(80))).toEqual(['ledger: no test left anything behind']);
  expect(ledgerLines([], plainStyle(80))).toEqual([]);
});
