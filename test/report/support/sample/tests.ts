import type { ManifestRecord } from '../../../../packages/model/src/index.ts';
import { moduleOf, stamp, TYPES } from './common.ts';

/** So many tests with what the ledger read after each. */
export function testRecords(count: number, next: () => number): ManifestRecord[] {
  const records: ManifestRecord[] = [];
  for (let number = 0; number < count; number += 1) {
    const state = number % 13 === 0 ? 'failed' : number % 41 === 0 ? 'timed-out' : 'passed';
    records.push({
      record: 'test',
      ...stamp(number),
      id: `t${number}`,
      title: ['Shop.Tests.CheckoutTests', `An order is paid once (${number})`],
      file: '/src/Shop.Tests/CheckoutTests.cs',
      line: 40 + number,
      runner: 'xunit',
      attempt: 1,
      state,
      durationMs: 20 + next() * 900,
    });
    const left = TYPES.slice(0, 1 + (number % 6)).map((type) => ({
      type,
      module: moduleOf(type),
      instances: Math.round(next() * 900),
      bytes: Math.round(next() * (number % 9 === 0 ? 900_000 : 20_000)),
    }));
    const grown = number * 21_000;
    const channels = {
      managedBytes: 3e6 + grown,
      residentBytes: 92e6 + grown * 2,
      privateBytes: {
        gcHeap: 8e6 + grown,
        loader: 11e6,
        jit: 5e6 + number * 9000,
        malloc: 9e6 + Math.round(next() * 1e6),
        stacks: 2_100_000,
        other: 700_000,
      },
    };
    records.push({
      record: 'census',
      ...stamp(number * 3),
      id: `c${number}`,
      testId: `t${number}`,
      candidates: number % 8 === 7 ? 4 : 1,
      pauseMs: 3,
      left,
      channels,
      merged: number % 10 === 3 ? [`t${number - 1}`] : [],
    });
  }
  return records;
}
