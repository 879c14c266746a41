import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { BetweenTests } from './between-tests.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function between() {
  const lull = vi.fn();
  return { lull, watch: new BetweenTests(1000, lull) };
}

it('a process that runs no test for long is told of once, and again when it has run one', () => {
  const { lull, watch } = between();
  watch.none(7);
  vi.advanceTimersByTime(900);
  watch.none(7);
  vi.advanceTimersByTime(100);
  expect(lull.mock.calls).toEqual([[7, 1000]]);
  watch.none(7);
  vi.advanceTimersByTime(5000);
  expect(lull).toHaveBeenCalledOnce();
  watch.over(7);
  watch.none(7);
  vi.advanceTimersByTime(1000);
  expect(lull).toHaveBeenCalledTimes(2);
});

it('a test that begins, another thing that is done, and the end of the process begin anew', () => {
  const { lull, watch } = between();
  watch.none(7, 'Db.Up');
  vi.advanceTimersByTime(900);
  watch.none(7, 'Cache.Up');
  vi.advanceTimersByTime(900);
  watch.over(7);
  vi.advanceTimersByTime(5000);
  watch.none(8);
  watch[Symbol.dispose]();
  vi.advanceTimersByTime(5000);
  expect(lull).not.toHaveBeenCalled();
});
