import { expect, it } from 'vitest';
import { checkOptions } from './start-server.ts';

it.each([
  ['exeptions', 'did you mean "exceptions"?'],
  ['nothing-like-it', /known are exceptions, .*ledger/],
])('an option that there is not, %s, is answered with those there are', (name, answer) => {
  expect(() => checkOptions({ [name]: true })).toThrow(answer);
});
