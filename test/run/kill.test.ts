import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endRecord, fixture, readCaptures } from '../support/firstchance.ts';
import { captureBegins, expectWholeSession, listed, ours } from '../support/live-session.ts';
import { Sandbox } from '../support/sandbox.ts';

/* What happens when a process of ours dies by kill -9 while captures are taken: the program goes on, the rest is whole. */

const rounds = 30;
const program = ['dotnet', fixture('throw-loop'), '--rounds', String(rounds), '--delay', '40'];
const caught = `threw and caught ${rounds} exceptions\n`;
const options = ['-mh', '-e', '1', '-n', '1000'];

describe('kill -9', () => {
  test('of the engine', async () => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    await captureBegins(sandbox.session, 4);
    process.kill(ours(running).engine, 'SIGKILL');
    const outcome = await running.end();
    expect(outcome).toMatchObject({ code: 0, stdout: caught });
    expect(outcome.stderr).toContain('the engine ended unexpectedly, nothing more is captured');
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(0);
    expect(readdirSync(path.join(sandbox.session, 'captures')).sort()).toEqual(listed(sandbox.session).sort());
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0 });
    expect(sandbox.leftovers()).toEqual([]);
  });

  test.each(['captures', 'workers'] as const)('of one of its %s: the next captures are taken', async (which) => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    // A capture of so small a program may have ended before one looks: then the next one is it.
    let victim: number | undefined;
    for (let number = 4; victim === undefined; number++) {
      await captureBegins(sandbox.session, number);
      [victim] = ours(running)[which];
    }
    const before = listed(sandbox.session).length;
    process.kill(victim, 'SIGKILL');
    const outcome = await running.end();
    expect(outcome).toMatchObject({ code: 0, stdout: caught });
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(before + 5);
    expect(readdirSync(path.join(sandbox.session, 'captures')).sort()).toEqual(listed(sandbox.session).sort());
    expect(endRecord(sandbox.session)).toMatchObject({ exitCode: 0 });
    expect(sandbox.leftovers()).toEqual([]);
  });

  test('of the command itself: the engine ends too, the next session sweeps its sockets', async () => {
    using sandbox = new Sandbox();
    const running = sandbox.start(['run', ...options, '-x', sandbox.session, '--', ...program]);
    await captureBegins(sandbox.session, 4);
    // That one has begun says nothing of the records of those before it.
    await expect.poll(() => readCaptures(sandbox.session).length, { timeout: 30_000 }).toBeGreaterThan(0);
    running.child.kill('SIGKILL');
    // Its output ends with the program's, which goes on alone.
    expect(await running.end()).toMatchObject({ signal: 'SIGKILL', stdout: caught });
    expect(expectWholeSession(sandbox.session)).toBeGreaterThan(0);
    expect(endRecord(sandbox.session)).toBeUndefined();
    expect(sandbox.leftovers().filter((one) => one.startsWith('process'))).toEqual([]);
    const again = await sandbox.run(['-mm', '-e', '1', '-n', '1'], program.slice(0, 2).concat('--rounds', '1'));
    expect(again.code).toBe(0);
    expect(sandbox.leftovers()).toEqual([]);
  });
});
