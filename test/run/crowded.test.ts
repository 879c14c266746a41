import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fixture, readCaptures, readManifest } from '../support/firstchance.ts';
import { captureBegins, ours } from '../support/live-session.ts';
import { Sandbox } from '../support/sandbox.ts';

/* At most two frozen copies live at a time. On a machine whose processors are taken, writing them may take very long. */

const program = ['dotnet', fixture('throw-loop'), '--delay', '20'];

test('when no copy becomes free the program goes on, and captures go on when one does', async () => {
  using sandbox = new Sandbox();
  const running = sandbox.start(['run', '-mh', '-e', '1', '-n', '1000', '-x', sandbox.session, '--', ...program]);
  const stopped = new Set<number>();
  for (let number = 1; stopped.size < 2; number++) {
    await captureBegins(sandbox.session, number);
    for (const pid of ours(running).workers) if (stop(pid)) stopped.add(pid);
  }
  const busy = () => readManifest(sandbox.session).filter(({ record, why }) => record === 'skipped' && why === 'busy');
  await expect.poll(() => busy().length, { timeout: 30_000 }).toBeGreaterThan(0);
  const before = readdirSync(path.join(sandbox.session, 'captures')).length;
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  await captureBegins(sandbox.session, before + 1);
  running.child.kill('SIGINT');
  const outcome = await running.end();
  expect(outcome.code).toBe(130);
  expect(outcome.stderr).toContain('not captured: another capture was under way');
  expect(sandbox.leftovers()).toEqual([]);
});

test('on a machine without an idle core throws are captured all the same', async () => {
  using sandbox = new Sandbox();
  using _busy = busyCores();
  const outcome = await sandbox.run(['-mh', '-e', '1', '-n', '10'], [...program, '--rounds', '400']);
  expect(outcome.code).toBe(0);
  expect(readCaptures(sandbox.session)).toHaveLength(10);
  expect(sandbox.leftovers()).toEqual([]);
});

/** Takes every core twice, at the priority of an ordinary program. */
function busyCores(): Disposable {
  const loops = Array.from({ length: 2 * availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);']));
  return { [Symbol.dispose]: () => loops.forEach((loop) => void loop.kill('SIGKILL')) };
}

/** False: it has ended meanwhile. */
function stop(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGSTOP');
  } catch {
    return false;
  }
}
