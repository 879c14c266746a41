import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { Problem } from '../problems/problem.ts';
import { AgentWatch } from './agent-watch.ts';

async function firstWord(session: string): Promise<[said: string, problem?: Problem]> {
  const child = spawn('sleep', ['600'], { env: { ...process.env, FIRSTCHANCE_SESSION: session }, stdio: 'ignore' });
  await once(child, 'spawn');
  let resolve: (said: [string, Problem?]) => void = () => {};
  const said = new Promise<[string, Problem?]>((told) => {
    resolve = told;
  });
  using watch = new AgentWatch(
    {
      ...{ agentPath: '/nowhere/agent.so', agentsFolder: '/shop/.firstchance/outer', isConnected: () => false },
      attach: async () => resolve(['attach']),
      onProblem: (problem) => resolve(['problem', problem]),
      ...{ onSwitchedOff: (problem) => resolve(['switched off', problem]), name: () => 'sleep' },
    },
    1,
  );
  try {
    watch.expect(child.pid ?? -1);
    return await said;
  } finally {
    child.kill();
  }
}

it('a program without an agent is attached to', async () => {
  expect(await firstWord('/shop/.firstchance/outer')).toEqual(['attach']);
});

it('one of another session is left to it, and where that is is said', async () => {
  const [said, problem] = await firstWord('/shop/.firstchance/inner');
  expect(said).toBe('problem');
  expect(problem?.why).toContain('/shop/.firstchance/inner');
  expect(problem?.cure).toMatch(/^firstchance show \/shop\/\.firstchance\/inner /);
});
