import type { CheckRecord, GrowthCheck } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { annotations } from '../annotations/annotations.ts';
import { renderJunit } from '../junit/junit.ts';
import { growthSession } from '../testing/growth-session.ts';

describe('an inconclusive check', () => {
  const model = growthSession();
  const entry = (more: Partial<CheckRecord>, mode: GrowthCheck['mode']) => ({
    ...model,
    checks: model.checks
      .flatMap(({ record, check }) => (check === null ? [] : [{ record, check: { ...check, mode } }]))
      .slice(0, 1)
      .map(({ record, check }) => ({ record: { ...record, verdict: 'INCONCLUSIVE' as const, ...more }, check })),
  });
  it.each([
    ['as the record says', { fails: true }, 'quick', true],
    ['as the record says', { fails: false }, 'thorough', false],
    ['by the mode, of an older record', {}, 'thorough', true],
    ['by the mode, of an older record', {}, 'quick', false],
  ] as const)('counts %s: %o in %s mode', (_, more, mode, fails) => {
    const changed = entry(more, mode);
    const suite = renderJunit(changed).match(/<testsuite name="firstchance growth checks"[^>]*>/)?.[0];
    expect(suite).toContain(fails ? 'failures="1"' : 'failures="0"');
    expect(suite).toContain(fails ? 'skipped="0"' : 'skipped="1"');
    expect(annotations(changed, '/src')[0]?.level).toBe(fails ? 'error' : 'warning');
  });
});
