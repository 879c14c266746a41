import { expectNoGrowth, GrowthError } from 'firstchance';
import { expect, test } from 'vitest';
import { GrowthWeb } from '../support/growth-web.ts';
import { Sandbox } from '../support/sandbox.ts';

test('expectNoGrowth: a process that runs, a function for an operation; the message is the verdict', async () => {
  using sandbox = new Sandbox();
  {
    await using shop = await GrowthWeb.start(sandbox.env, ['--Logging:LogLevel:Default=Information']);
    const { pid, url } = shop;
    const run = (kind: string) => async (signal: AbortSignal) => {
      const answer = await fetch(`${url}/run?kind=${kind}`, { method: 'POST', signal });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.text();
    };
    const failure = await expectNoGrowth(pid, run('leak-static'), { folder: sandbox.path, name: 'log in' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(GrowthError);
    expect(failure).toMatchObject({ code: 'LEAK', check: { name: 'log in' } });
    expect((failure as Error).message).toMatch(
      /^LEAK: Shop\.Session \+1\.00 per operation .* static Shop\.Store\.s_sessions/,
    );
    expect(shop.exitCode).toBeNull();
  }
  expect(sandbox.leftovers()).toEqual([]);
});
