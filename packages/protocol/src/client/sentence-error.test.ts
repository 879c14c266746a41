import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { checkOptions } from './start-server.ts';

it('a wrong option is one sentence, whatever a runner prints of it', () => {
  let thrown: unknown;
  try {
    checkOptions({ dumpp: 'mini' });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'usage' });
  const sentence = /^\[?firstchance: "dumpp" is no option of the firstchance adapter; did you mean "dump"\?\]?$/;
  expect(inspect(thrown)).toMatch(sentence);
  expect((thrown as Error).stack).toMatch(sentence);
});
