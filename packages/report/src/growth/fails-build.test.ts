import type { CheckRecord, GrowthCheck } from '@firstchance/model';
import { describe, expect, it } from 'vitest';
import { annotations } from '../annotations/annotations.ts';
import { growthSession } from '../testing/growth-session.ts';
import { renderJunit } from '../testing/render-junit.ts';

describe('an inconclusive check', () => {
  const model = growthSession();
  const entry = (more: Partial<CheckRecord>, mode: GrowthCheck['mode']) => ({
    ...model,
    checks: model.checks
      .flatMap(({ record, check, test }) => {
        const document = check();
        return document ? [{ record, check: () => ({ ...document, mode }), test }] : [];
      })
      .slice(0, 1)
      .map((one) => ({ ...one, record: { ...one.record, verdict: 'INCONCLUSIVE' as const, ...more } })),
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
