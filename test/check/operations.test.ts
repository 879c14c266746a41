import type { GrowthCheck } from '@firstchance/model';
import { expect, test } from 'vitest';
import { fixture } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

/** A check of the shop with the options that `of` makes of its address. */
async function check(of: (url: string) => readonly string[]) {
  using sandbox = new Sandbox();
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = [
    'check',
    '--json',
    '--dose',
    '20',
    '--idle',
    '1s',
    '--no-allocations',
    ...of(url),
    '-x',
    sandbox.session,
  ];
  const outcome = await sandbox.firstchance([...args, '--', 'dotnet', fixture('growth-web'), '--urls', url]);
  expect(sandbox.leftovers()).toEqual([]);
  return { ...outcome, check: JSON.parse(outcome.stdout) as GrowthCheck };
}

/** A shell command that posts to the shop, and fails where the shop does. */
const post = (url: string) => `curl -s --fail-with-body -X POST '${url}'`;

test('a shell command is an operation; one run of it does the whole dose', async () => {
  const { code, check: result } = await check((url) => [
    ...['--ready', `${url}/health`, '--op-command', post(`${url}/run?kind=leak-static&n={n}`)],
  ]);
  expect(result.verdict).toBe('LEAK');
  expect(result.growth[0]).toMatchObject({ type: 'Shop.Session', pattern: 'static-collection' });
  expect(result.growth[0]?.perOperation).toBeCloseTo(1, 1);
  expect(code).toBe(90);
});

test('a shell command that fails ends the check, with what it said', async () => {
  const { code, check: result } = await check((url) => [
    ...['--ready', `${url}/health`, '--op-command', post(`${url}/run?kind=error&n={n}&pid={pid}`)],
  ]);
  expect(result.verdict).toBe('INFRASTRUCTURE_ERROR');
  expect(result.reason).toMatch(/failed: exit code 22: the shop cannot do error/);
  expect(code).toBe(93);
});

test('what refused requests leave behind is a leak where refusal is expected', async () => {
  const refused = ['--op', 'POST /run?kind=leak-refused&n={n}'];
  const { code, check: result } = await check(() => [...refused, '--op-expect', '4xx']);
  expect(result.verdict).toBe('LEAK');
  expect(result.growth[0]).toMatchObject({ type: 'Shop.Session' });
  expect(code).toBe(90);
});

test('an answer that was not expected is a failed operation, a success too', async () => {
  const { code, check: result } = await check(() => ['--op', 'POST /run?kind=ok&n={n}', '--op-expect', '404']);
  expect(result.verdict).toBe('INFRASTRUCTURE_ERROR');
  expect(result.reason).toMatch(/POST \/run\?kind=ok&n=\{n\} answered 200/);
  expect(code).toBe(93);
});

test('of a program of two processes the one that was not measured is named, whatever comes of the other', async () => {
  using sandbox = new Sandbox();
  const [asked, beside] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const shop = (url: string) => `dotnet '${fixture('growth-web')}' --urls ${url}`;
  const both = [
    'sh',
    '-c',
    `${shop(beside)} & until curl -so /dev/null ${beside}/health; do :; done; exec ${shop(asked)}`,
  ];
  const operation = ['--op', `POST ${asked}/run?kind=error&n={n}`, '--ready', `${asked}/health`];
  const { stdout } = await sandbox.firstchance(['check', '--json', ...operation, '-x', sandbox.session, '--', ...both]);
  const { reason, notes } = JSON.parse(stdout) as GrowthCheck;
  expect(reason).toContain('answered 500');
  expect(notes).toEqual([
    expect.stringMatching(new RegExp(`^not measured: ".*--urls ${beside}" \\(pid \\d+\\), another .NET process`)),
  ]);
  expect(sandbox.leftovers()).toEqual([]);
});
