import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GrowthCheck } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

test('known growth does not fail: a suppression with its reason, told with file and line', async () => {
  using sandbox = new Sandbox();
  const known = path.join(sandbox.path, 'known.yaml');
  const url = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(
    known,
    'suppressions:\n  - path: static Shop.Store.*\n    reason: sessions end with the shop\n  - type: Never\n    reason: old\n',
  );
  const args = [
    'check',
    '--json',
    '--op',
    'POST /run?kind=leak-static&n={n}',
    '--suppressions',
    'known.yaml',
    '--no-allocations',
  ];
  const outcome = await sandbox.firstchance([...args, '--', 'dotnet', fixture('growth-web'), '--urls', url]);
  const check = JSON.parse(outcome.stdout) as GrowthCheck;
  expect(check).toMatchObject({ verdict: 'PASS', growth: [] });
  expect(outcome.code).toBe(0);
  expect(check.accepted?.map(({ type }) => type)).toContain('Shop.Session');
  expect(outcome.stderr).toContain('accepted: Shop.Session +1.00 per operation');
  expect(outcome.stderr).toContain('known.yaml:4: this suppression matched nothing (old)');
  expect(sandbox.leftovers()).toEqual([]);
});

test('the controls prove that checks work here', async () => {
  using sandbox = new Sandbox();
  const { code, stdout } = await sandbox.firstchance(['doctor', '--controls']);
  expect(stdout).toMatch(/^proved +leak .*LEAK: FirstChance\.Controls\.Leaked \+1\.00 per operation/m);
  expect(stdout).toMatch(/^proved +quiet .*PASS/m);
  expect(code).toBe(0);
  expect(sandbox.leftovers()).toEqual([]);
});

test('controls that are interrupted prove nothing, blame nobody and leave nothing', async () => {
  using sandbox = new Sandbox();
  const running = sandbox.start(['doctor', '--controls']);
  await running.until('building the control program');
  running.child.kill('SIGINT');
  expect(await running.end()).toMatchObject({
    code: 130,
    stdout: '',
    stderr: 'building the control program\nSIGINT: ending the controls\n',
  });
  expect(sandbox.leftovers()).toEqual([]);
});
