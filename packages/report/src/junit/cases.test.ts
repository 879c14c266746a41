import type { CaptureDetail, CaptureRecord, TestRecord } from '@firstchance/model';
import { expect, it } from 'vitest';
import type { CaptureEntry, TestEntry } from '../read-model/read-model.ts';
import { testCase } from './cases.ts';

const title = ['CartTests', 'CartTests.Ships'];
const test = { record: { id: 't', title, state: 'timed-out', durationMs: 5000 } as unknown as TestRecord } as TestEntry;
const waiting = {
  method: 'CartTests.Ships',
  awaits: [{ method: 'Shop.Pay', file: '/src/Shop/Pay.cs', line: 40, awaits: [] }],
};
const capture = (detail: Partial<CaptureDetail> | null): CaptureEntry =>
  ({
    record: { id: '0001-deadline', exception: null, dump: null } as unknown as CaptureRecord,
    detail: () => detail && { awaiting: [], threads: [], test: { title }, ...detail },
  }) as unknown as CaptureEntry;

it('a test that hangs says where, and what waits for what', () => {
  expect(testCase(test, [capture(null), capture({ awaiting: [waiting] })]).outcome).toEqual({
    ...{ kind: 'failure', type: 'timed-out', message: 'timed-out, at Shop.Pay (Pay.cs:40)' },
    text: 'waiting async methods\nCartTests.Ships\n  Shop.Pay  Pay.cs:40',
  });
});

it('a test that hangs where nothing is known says that it hangs', () => {
  for (const found of [[], [capture(null)], [capture({})]])
    expect(testCase(test, found).outcome).toMatchObject({ message: 'timed-out', text: '' });
});
