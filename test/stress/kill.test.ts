import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endRecord, fixture } from '../support/firstchance.ts';
import { captureBegins, expectWholeSession, listed, ours } from '../support/live-session.ts';
import { Sandbox } from '../support/sandbox.ts';

/* kill -9 of our processes at random moments, again and again: the program always ends as it would have. */

const rounds = 30;
const program = ['dotnet', fixture('throw-loop'), '--rounds', String(rounds), '--delay', '30'];

test.each(['engine', 'capture', 'worker', 'command'] as const)(
  '25 times the %s',
  { timeout: 900_000 },
  async (victim) => {
    let killed = 0;
    for (let i = 0; i < 25; i += 1) {
      const capture = randomInt(1, 12);
      const later = randomInt(0, 40);
      const when = `round ${i}: ${later} ms into capture ${capture}`;
      using sandbox = new Sandbox();
      const options = ['-mh', '-e', '1', '-n', '1000', '-x', sandbox.session];
      const running = sandbox.start(['run', ...options, '--', ...program]);
      await captureBegins(sandbox.session, capture);
      // Not to wait for anything: the moment is meant to be any.
      await delay(later);
      const { engine, captures, workers } = ours(running);
      const pid = { engine, capture: captures[0], worker: workers[0], command: running.child.pid }[victim];
      // Between two captures there is none.
      if (pid !== undefined && kill(pid)) killed += 1;
      const outcome = await running.end();
      expect(outcome.stdout, when).toBe(`threw and caught ${rounds} exceptions\n`);
      expectWholeSession(sandbox.session);
      if (victim === 'command') {
        expect(outcome.signal, when).toBe('SIGKILL');
        expect(endRecord(sandbox.session), when).toBeUndefined();
      } else {
        expect(outcome.code, `${when}\n${outcome.stderr}`).toBe(0);
        expect(endRecord(sandbox.session), when).toMatchObject({ exitCode: 0 });
        expect(readdirSync(path.join(sandbox.session, 'captures')).sort(), when).toEqual(
          listed(sandbox.session).sort(),
        );
        expect(sandbox.leftovers(), when).toEqual([]);
      }
      await processesEnd(sandbox, when);
    }
    expect(killed).toBeGreaterThan(5);
  },
);

/** Who is gone is noticed by the others, at nice 19, some time later; the kernel tells nobody of processes that are not his own. */
async function processesEnd(sandbox: Sandbox, when: string): Promise<void> {
  const left = () => sandbox.leftovers().filter((one) => one.startsWith('process'));
  for (let looks = 0; left().length > 0 && looks < 600; looks += 1) await delay(50);
  expect(left(), when).toEqual([]);
}

/** False when it has ended already. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
