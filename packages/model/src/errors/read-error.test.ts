import { expect, it } from 'vitest';
import { errorCode, errorText } from './read-error.ts';

it.each([
  [Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'no such file', 'ENOENT'],
  [new DOMException('it was aborted', 'AbortError'), 'it was aborted', undefined],
  [{ code: 'refused' }, '[object Object]', 'refused'],
  ['just words', 'just words', undefined],
  [null, 'null', undefined],
  [undefined, 'undefined', undefined],
])('reads what was thrown, whatever that is: %s', (thrown, text, code) => {
  expect(errorText(thrown)).toBe(text);
  expect(errorCode(thrown)).toBe(code);
});
