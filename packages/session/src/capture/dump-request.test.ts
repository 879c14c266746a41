import { expect, test } from 'vitest';
import { withoutException } from './dump-request.ts';

test('where no exception is the cause there is no place to stay near', () => {
  expect(withoutException({ kind: 'auto', compression: 'none' })).toEqual({ kind: 'heap', compression: 'none' });
  expect(withoutException({ kind: 'focus', compression: 'none' })).toEqual({ kind: 'focus', compression: 'none' });
  expect(withoutException(null)).toBeNull();
});
