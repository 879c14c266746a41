import { defineConfig } from '@playwright/test';
import { expect, it, vi } from 'vitest';
import { firstchance } from './firstchance.ts';

const ours = expect.stringMatching(/\/main\/global-setup\.js$/);
const reporter = [expect.stringMatching(/\/reporter\.js$/)];
const pluginsOf = (config: object) =>
  (config as Record<string, { plugins: unknown[] }>)['@playwright/test']?.plugins ?? [];

it('adds to what the user has, and takes nothing away', () => {
  const plugin = () => ({});
  const config = defineConfig({
    ...{ timeout: 7, retries: 2, globalSetup: './setup.ts', globalTeardown: './teardown.ts' },
    reporter: [['html', { open: 'never' }]],
    projects: [{ name: 'a' }],
    ...({ '@playwright/test': { plugins: [plugin], other: 1 } } as object),
  });
  const wrapped = firstchance(config);
  expect(wrapped).toMatchObject({
    ...{ timeout: 7, retries: 2, globalTeardown: './teardown.ts', projects: [{ name: 'a' }] },
    // What ours returns is called first when the run ends: it must be the last.
    globalSetup: ['./setup.ts', ours],
    reporter: [['html', { open: 'never' }], reporter],
    '@playwright/test': { other: 1 },
  });
  expect(pluginsOf(wrapped)).toEqual([plugin, expect.any(Function)]);
  expect(config.reporter).toHaveLength(1);
  // Whether defineConfig was used is a symbol of its own.
  expect(Object.getOwnPropertySymbols(wrapped)).toEqual(Object.getOwnPropertySymbols(config));
});

it.each([
  ['', 'list'],
  ['1', 'dot'],
])('without reporters the default stays (CI=%s)', (ci, name) => {
  vi.stubEnv('CI', ci);
  expect(firstchance({})).toMatchObject({ reporter: [[name], reporter], globalSetup: [ours] });
  vi.unstubAllEnvs();
});

it('takes reporters and global setups in all their forms', () => {
  expect(firstchance({ reporter: 'json' }).reporter).toEqual([['json'], reporter]);
  expect(firstchance({ globalSetup: ['a', 'b'] }).globalSetup).toEqual(['a', 'b', ours]);
});
