import { expect, it } from 'vitest';
import { ownCommand } from './own-command.ts';

it('of a project is started by npx, else by name', () => {
  expect(ownCommand('/home/me/shop/node_modules/.bin/firstchance')).toBe('npx firstchance');
  expect(ownCommand('/usr/bin/firstchance')).toBe('firstchance');
  expect(ownCommand('/work/packages/cli/bin/firstchance.js')).toBe('firstchance');
});
