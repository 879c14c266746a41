import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HungTests } from './hung-tests.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const late = { pid: 7, name: 'A' };

it('tells of a process whose late test is all that is left of it', () => {
  const onHung = vi.fn();
  using hung = new HungTests(100, onHung);
  hung.late(late);
  vi.advanceTimersByTime(99);
  expect(onHung).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onHung.mock.calls).toEqual([[7, ['A']]]);
});

it('waits as long as other tests of the process begin or end', () => {
  const onHung = vi.fn();
  using hung = new HungTests(100, onHung);
  hung.late(late);
  for (let step = 0; step < 5; step += 1) {
    vi.advanceTimersByTime(80);
    if (step % 2 === 0) hung.progressed(7);
    else hung.ended({ pid: 7, name: 'B' });
  }
  hung.progressed(8);
  expect(onHung).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(onHung).toHaveBeenCalledOnce();
});

it('a late test that ends after all, or dies with its process, hangs no more', () => {
  const onHung = vi.fn();
  using hung = new HungTests(100, onHung);
  hung.late(late);
  hung.ended(late);
  hung.late({ pid: 8, name: 'B' });
  hung.processEnded(8);
  vi.advanceTimersByTime(1000);
  expect(onHung).not.toHaveBeenCalled();
});
