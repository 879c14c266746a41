import { expect, it } from 'vitest';
import { ownCommand } from './own-command.ts';

it('of a project is started by npx, else by name', () => {
  expect(ownCommand('/home/me/shop/node_modules/.bin/firstchance')).toBe('npx firstchance');
  expect(ownCommand('/usr/bin/firstchance')).toBe('firstchance');
  expect(ownCommand('/work/packages/cli/bin/firstchance.js')).toBe('firstchance');
});

it('also where the package manager starts the file itself', () => {
  const file = 'node_modules/.pnpm/firstchance@0.1.0/node_modules/firstchance/bin/firstchance.js';
  expect(ownCommand(`/home/me/shop/${file}`, '/home/me/shop')).toBe('npx firstchance');
  expect(ownCommand(`/home/me/shop/${file}`, '/home/me/shop/tests/unit')).toBe('npx firstchance');
  expect(ownCommand(`/home/me/.local/share/pnpm/global/5/${file}`, '/home/me/shop')).toBe('firstchance');
  expect(ownCommand('/home/me/shop/node_modules/vitest/dist/worker.js', '/home/me/shop')).toBe('firstchance');
  expect(ownCommand('/usr/lib/node_modules/firstchance/bin/firstchance.js', '/usr/library')).toBe('firstchance');
});
