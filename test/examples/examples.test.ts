import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, hasRunner, placeExampleModules } from '../../scripts/lib/examples.mjs';
import { type ManifestLine, type Outcome, Running, readCaptures, readManifest } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { inMatrix } from '../support/scope.ts';

/* Every example is run as its README says; what is planted in the shop is found, and told as the README shows. */

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

interface Ran {
  readonly outcome: Outcome;
  readonly session: string;
  readonly records: readonly ManifestLine[];
}

async function run(name: keyof typeof EXAMPLES): Promise<Ran> {
  using sandbox = new Sandbox();
  await placeExampleModules(name);
  const folder = path.join(examples, name);
  const example: { command: string[]; env?: NodeJS.ProcessEnv } = EXAMPLES[name];
  const [command = '', ...args] = example.command;
  // Nothing of the runner that runs these tests, as from a terminal.
  const { PATH, HOME, DOTNET_ROOT } = process.env;
  const dotnet = DOTNET_ROOT === undefined ? {} : { DOTNET_ROOT };
  const env = { PATH, HOME, ...dotnet, ...example.env, NO_COLOR: '1', ...sandbox.env };
  const outcome = await new Running(command, args, { cwd: folder, bare: true, env }).end();
  const told = /in (\.firstchance\/[\w-]+)/.exec(`${outcome.stderr}${outcome.stdout}`)?.[1];
  if (told === undefined) throw new Error(`No session was told of:\n${outcome.stdout}\n${outcome.stderr}`);
  const session = path.join(folder, told);
  return { outcome, session, records: readManifest(session) };
}

const of = (records: readonly ManifestLine[], kind: string) => records.filter(({ record }) => record === kind);

/** One capture, tied to the test that hangs; the order waits for its payment. */
function expectHang({ session }: Ran, title: RegExp, runner: string): void {
  const captures = readCaptures(session);
  expect(captures).toMatchObject([
    { trigger: { kind: 'deadline' }, test: { title: [expect.stringMatching(title)], runner, candidates: 1 } },
  ]);
  const waiting = JSON.stringify(captures[0]?.awaiting);
  expect(waiting).toMatch(/Shop\.Checkout\.PlaceAsync.*Shop\.Payments\.PayAsync/);
  expect(captures[0]?.dump?.bytes).toBeGreaterThan(100_000);
}

/** The event that keeps every page. */
function expectLeak({ outcome, session, records }: Ran): void {
  const [check] = of(records, 'check');
  expect(check).toMatchObject({ verdict: 'LEAK', path: expect.any(String) });
  const { growth } = JSON.parse(readFileSync(path.join(session, String(check?.path)), 'utf8')) as {
    growth: { type: string; path: string[]; pattern: string }[];
  };
  expect(growth[0]).toMatchObject({ type: 'Shop.ProductPage', pattern: 'event-handler' });
  expect(growth[0]?.path).toContain('Catalog');
  expect(`${outcome.stdout}${outcome.stderr}`).toContain('LEAK: Shop.ProductPage');
}

describe.each(['vitest', 'jest', 'playwright'] as const)('%s', (name) => {
  // They differ in the runner only, of which test/runners knows more.
  const seldom = name !== 'playwright' && !inMatrix;
  test.skipIf(!hasRunner(name) || seldom)('finds what is planted in the shop', () => expectFound(name));
});

async function expectFound(name: keyof typeof EXAMPLES): Promise<void> {
  const ran = await run(name);
  expect(ran.outcome.code).toBe(1);
  expectHang(ran, /^a voucher pays for all of it$/, name);
  expectLeak(ran);
  const states = of(ran.records, 'test').filter(({ title }) => (title as string[]).includes('a voucher is taken off'));
  expect(states.map(({ state }) => state)).toEqual(['started', 'passed']);
}

test('xunit', async () => {
  const ran = await run('xunit');
  expect(ran.outcome.code).toBe(1);
  expectHang(ran, /A_voucher_pays_for_all_of_it$/, 'xunit');
  const left = of(ran.records, 'census').flatMap((one) => one.left as { type: string; instances: number }[]);
  expect(left.find(({ type }) => type === 'Shop.ProductPage')?.instances).toBe(1000);
  expect(ran.outcome.stderr).toMatch(/left behind by[\s\S]*ProductPage \+1000/);
});
