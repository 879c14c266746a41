import { expect, test } from 'vitest';
import { sessionOptions } from './to-session.ts';

test.each([
  [{}, 'auto'],
  [{ dump: 'heap' }, 'heap'],
  [{ dump: 'focus' }, 'focus'],
  [{ dump: 'none' }, undefined],
])('the kind of dump of %j is %s', (given, kind) => {
  expect(sessionOptions(given).dump?.kind).toBe(kind);
});
