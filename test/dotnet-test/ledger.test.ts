import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord } from '../support/firstchance.ts';
import { Sandbox } from '../support/sandbox.ts';
import { executable, ourLeftovers, records, vstest } from '../support/suite.ts';

/* What a test leaves in memory, from its events alone: nothing in the test project knows of it. */

const ways: [string, string[]][] = [
  ['xunit v2, dotnet test', vstest('xunit2-tests', 'Keeps')],
  ['xunit v3, its executable', [executable('xunit3-tests'), '--filter-method', 'Suite.OrderTests.Keeps*']],
];

describe('--ledger', () => {
  test.each(ways)('%s: names what the first of two tests left, over its budget', async (_, command) => {
    using sandbox = new Sandbox();
    const outcome = await keepTwoReceipts(sandbox, ['--ledger-budget', '100kB'], command);
    const [first] = records(sandbox.session, 'census');
    expect(first).toMatchObject({ testId: expect.stringMatching(/^Suite\.OrderTests\.Keeps/), merged: [] });
    const left = first?.left as { type: string; module: string; instances: number; bytes: number }[];
    expect(left.find(({ type }) => type === 'Shop.Orders+Receipt')).toMatchObject({ instances: 1000 });
    expect(left.find(({ type }) => type === 'System.Byte[]')?.bytes).toBeGreaterThanOrEqual(200_000);
    expect(first?.channels).toMatchObject({ managedBytes: expect.any(Number) });
    expect(outcome.code).toBe(90);
    expect(outcome.stderr).toMatch(/test Suite\.OrderTests\.Keeps\w+ left .*100 kB are allowed \(--ledger-budget\)/);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 90, verdict: 'LEAK' });
    expect(ourLeftovers(sandbox)).toEqual([]);
  });

  test('within its budget the run passes', async () => {
    using sandbox = new Sandbox();
    const [, command] = ways[1] ?? ['', []];
    const outcome = await keepTwoReceipts(sandbox, ['--ledger-budget', '50MB'], command);
    expect(outcome.code).toBe(0);
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0, verdict: null });
  });
});

/** Each test waits to be let go. The first is, when memory was read before it; the second, when it was read after the first. */
async function keepTwoReceipts(sandbox: Sandbox, options: readonly string[], command: readonly string[]) {
  const running = sandbox.start(
    [
      ...['run', '--json', '-mm', '--ledger', ...options, '--per-test-deadline', '2s', '--on-hang', 'wait'],
      ...['-x', sandbox.session, '--', ...command],
    ],
    { env: { SUITE_RECEIPTS: sandbox.path } },
  );
  // The first test's deadline comes well behind the reading at its start.
  await running.until('"record":"capture"');
  writeFileSync(path.join(sandbox.path, 'go-1'), '');
  await running.until('"record":"census"');
  writeFileSync(path.join(sandbox.path, 'go-2'), '');
  return await running.end();
}
