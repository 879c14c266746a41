import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Baseline, GrowthCheck } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

const operation = 'POST /run?kind=leak-event&n={n}';

/** One check of the shop; `times`: how often each operation does its work. */
async function check(sandbox: Sandbox, times: number, ...options: string[]) {
  const shop = ['dotnet', fixture('growth-web'), '--urls', `http://127.0.0.1:${await freePort()}`];
  const args = [
    'check',
    '--json',
    '--op',
    operation,
    '--dose',
    '20',
    '--idle',
    '1s',
    '--no-allocations',
    '--baseline',
    'known.json',
  ];
  const outcome = await sandbox.firstchance([...args, ...options, '-x', `times-${times}`, '--', ...shop], {
    env: { GROWTH_WEB_TIMES: String(times) },
  });
  return { ...outcome, check: JSON.parse(outcome.stdout) as GrowthCheck };
}

test('a baseline: what grew before passes, more of it fails', async () => {
  using sandbox = new Sandbox();
  const read = () => JSON.parse(readFileSync(path.join(sandbox.path, 'known.json'), 'utf8')) as Baseline;

  const written = await check(sandbox, 1, '--write-baseline');
  expect(written.code).toBe(0);
  const baseline = read();
  const known = baseline.checks[operation]?.growth.find(({ type }) => type === 'Shop.Subscriber');
  expect(known?.perOperation).toBeCloseTo(1, 1);

  const [same, worse] = await Promise.all([check(sandbox, 1), check(sandbox, 2)]);
  expect(same.stderr).toContain('accepted: Shop.Subscriber +1.00 per operation');
  expect(same.check).toMatchObject({ verdict: 'PASS', growth: [] });
  expect(same.check.accepted).toContainEqual(expect.objectContaining({ type: 'Shop.Subscriber', by: 'baseline' }));
  expect(same.code).toBe(0);
  expect(worse.check.verdict).toBe('LEAK');
  expect(worse.check.growth.find(({ type }) => type === 'Shop.Subscriber')?.perOperation).toBeCloseTo(2, 1);
  expect(worse.code).toBe(90);
  expect(read()).toEqual(baseline);
  expect(sandbox.leftovers()).toEqual([]);
});
