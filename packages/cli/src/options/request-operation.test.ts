import { expect, it } from 'vitest';
import { requestOperation } from './request-operation.ts';

it('is made with all that the options say about requests, whoever asks', () => {
  expect(requestOperation('GET /orders/7', {})).toMatchObject({ kind: 'request', headers: [], timeoutMs: 30_000 });
  const given = { opHeader: ['Accept: text/plain'], opExpect: '404', opTimeout: 500 };
  expect(requestOperation('GET /orders/7', given)).toMatchObject({
    headers: [['Accept', 'text/plain']],
    timeoutMs: 500,
  });
  expect(requestOperation('GET /orders/7', given)).toHaveProperty('expect');
});
