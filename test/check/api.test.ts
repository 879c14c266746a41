import { expectNoGrowth, GrowthError } from 'firstchance';
import { expect, test } from 'vitest';
import { fixture, Running } from '../support/firstchance.ts';
import { freePort } from '../support/free-port.ts';
import { Sandbox } from '../support/sandbox.ts';

test('expectNoGrowth: a process that runs, a function for an operation; the message is the verdict', async () => {
  using sandbox = new Sandbox();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const shop = new Running('dotnet', [fixture('growth-web'), '--urls', url, '--Logging:LogLevel:Default=Information'], {
    env: sandbox.env,
  });
  try {
    await expect
      .poll(
        () =>
          fetch(`${url}/health`).then(
            (answer) => answer.status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
    const run = (kind: string) => async (signal: AbortSignal) => {
      const answer = await fetch(`${url}/run?kind=${kind}`, { method: 'POST', signal });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.text();
    };
    const pid = shop.child.pid ?? 0;
    const failure = await expectNoGrowth(pid, run('leak-static'), { folder: sandbox.path, name: 'log in' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(GrowthError);
    expect(failure).toMatchObject({ code: 'LEAK', check: { name: 'log in' } });
    expect((failure as Error).message).toMatch(
      /^LEAK: Shop\.Session \+1\.00 per operation .* static Shop\.Store\.s_sessions/,
    );
    expect(shop.child.exitCode).toBeNull();
  } finally {
    shop.child.kill('SIGTERM');
    await shop.end();
  }
  expect(sandbox.leftovers()).toEqual([]);
});
