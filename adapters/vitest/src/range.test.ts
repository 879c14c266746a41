import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RANGE } from './plugin.ts';

it('versions of the runner are those of package.json', () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { peerDependencies } = JSON.parse(text) as { peerDependencies: { vitest: string } };
  expect(peerDependencies.vitest).toBe(RANGE);
});
