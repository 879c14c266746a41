import { expect, it } from 'vitest';
import { onFunctionBegin } from './function-limit.ts';

it('the limit that Vitest 3.2 and 4 note on the runner is told each time', () => {
  const runner: { _currentTaskTimeout?: number | undefined } = {};
  const told: number[] = [];
  onFunctionBegin(runner, (limit) => told.push(limit));
  for (const value of [500, undefined, 500, 700]) runner._currentTaskTimeout = value;
  expect(told).toEqual([500, 500, 700]);
  expect(runner._currentTaskTimeout).toBe(700);
});

it('so is that of Vitest 5, but not when the one around it comes back', () => {
  const runner: { _deadline?: object | undefined } = {};
  const told: number[] = [];
  onFunctionBegin(runner, (limit) => told.push(limit));
  const [outer, inner] = [
    { startTime: 10, endTime: 5010 },
    { startTime: 20, endTime: 520 },
  ];
  for (const value of [outer, inner, outer, undefined]) runner._deadline = value;
  expect(told).toEqual([5000, 500]);
  expect(runner._deadline).toBeUndefined();
});
