import type { CaptureRecord, CheckRecord, GrowthCheck, Verdict } from '@firstchance/model';
import { failsBuild, joinPart, makeReadModel, type ReadModel, ReadModelBuilder } from '@firstchance/report';
import { describe, expect, it } from 'vitest';
import { hasFailed } from './judge.ts';

const stamp = { schema: 1 as const, session: 's', time: '2026-11-25T10:11:12.000Z' };
const nothing = makeReadModel({ records: [], details: new Map(), checks: new Map(), unreadable: [] });
const well: ReadModel = { ...nothing, outcome: { exitCode: 0, verdict: null, reason: '' } };

const check = (verdict: Verdict, mode: 'quick' | 'thorough' = 'quick') => ({
  record: { record: 'check', ...stamp, id: 'c', verdict, reason: '', path: 'checks/c.json' } satisfies CheckRecord,
  check: () => ({ verdict, mode }) as unknown as GrowthCheck,
  test: null,
});
function withCheck(verdict: Verdict): ReadModel {
  const { record, check: read } = check(verdict);
  const builder = new ReadModelBuilder();
  builder.add(joinPart({ records: [record], detail: () => null, check: read }));
  return { ...builder.model(), outcome: well.outcome };
}

const capture = (kind: CaptureRecord['trigger']['kind']) => ({
  record: { trigger: { kind, detail: '' } } as unknown as CaptureRecord,
  detail: () => null,
  testState: null,
});

describe('what is worth its dumps', () => {
  it('not a run in which all is well, whatever was thrown and caught', () => {
    expect(hasFailed(well)).toBe(false);
    expect(hasFailed({ ...well, captures: [capture('first-chance'), capture('manual'), capture('exit')] })).toBe(false);
    expect(hasFailed(withCheck('PASS'))).toBe(false);
    expect(hasFailed(withCheck('INCONCLUSIVE'))).toBe(false);
  });

  it('a command that failed or was killed, a test that failed, a program that died or hung', () => {
    expect(hasFailed(nothing)).toBe(true);
    expect(hasFailed({ ...well, outcome: { exitCode: 3, verdict: null, reason: '' } })).toBe(true);
    for (const kind of ['unhandled', 'deadline', 'memory', 'growth'] as const)
      expect(hasFailed({ ...well, captures: [capture(kind)] })).toBe(true);
    for (const verdict of ['LEAK', 'GROWS_WHILE_IDLE', 'INFRASTRUCTURE_ERROR'] as const)
      expect(hasFailed(withCheck(verdict))).toBe(true);
  });

  it('an inconclusive check that was to be certain', () => {
    expect(failsBuild(check('INCONCLUSIVE', 'thorough'))).toBe(true);
    expect(failsBuild({ ...check('INCONCLUSIVE'), check: () => null })).toBe(false);
  });
});
