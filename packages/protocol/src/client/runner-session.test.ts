import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outsideRange } from './runner-range.ts';
import { RunnerSession } from './runner-session.ts';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-session-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (more: object = {}) =>
  RunnerSession.start({
    ...{ runner: 'vitest', version: '4.1.12', range: '>=3.2 <6', options: {}, folder },
    ...{ say: (text: string) => void said.push(text), ...more },
  });

describe('a version of the runner', () => {
  it.each([
    ['4.1.12', false],
    ['3.2.0', false],
    ['3.2', false],
    ['5.9.9', false],
    ['3.1.4', true],
    ['6.0.0', true],
    ['6.0.0-beta.1', true],
    ['10.0.0', true],
    ['', false],
    ['next', false],
  ])('%s is outside of >=3.2 <6: %s', (version, outside) => {
    expect(outsideRange(version, '>=3.2 <6')).toBe(outside);
  });
});

describe('a session that cannot be', () => {
  // No folder, no server.
  const nowhere = () => join(folder, 'none');

  it('is told in one line, and the tests run without it', async () => {
    expect(await start({ folder: nowhere() })).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(/^firstchance: Starting firstchance serve: .*; the tests run without it$/),
    ]);
  });

  it('an option that is none ends the run', async () => {
    await expect(start({ options: { exeptions: 'none' } })).rejects.toThrow(/"exeptions" is no option/);
    expect(said).toEqual([]);
  });

  it('says of a runner outside of the range that it is', async () => {
    await start({ folder: nowhere(), version: '6.1.0' });
    expect(said[0]).toBe(
      'firstchance: this adapter is made for vitest >=3.2 <6, and this is 6.1.0: what it does may be missing',
    );
  });
});

it('there is one session in a runner, whatever is configured', async () => {
  const session = await start();
  if (session === undefined) throw new Error(said.join());
  expect(await start()).toBeUndefined();
  expect(said).toEqual([
    'firstchance: vitest has a session here already; its adapter is configured twice, once is enough',
  ]);
  await session.finish();
  await session.leave();
  const next = await start();
  expect(next).toBeDefined();
  await next?.leave();
});
