import { expect, it } from 'vitest';
import { MemoryThresholds } from './memory.ts';

const MB = 1e6;
const run = (limits: ConstructorParameters<typeof MemoryThresholds>[0], ...series: number[]) => {
  const thresholds = new MemoryThresholds(limits);
  return series.map((value) => thresholds.measure(value * MB)?.direction ?? '-').join(' ');
};

it('fires once per crossing of the upper threshold', () => {
  expect(run({ maxMemoryMB: 100 }, 50, 100, 101, 150, 99, 120)).toBe('- - above - - above');
});

it('fires on falling below the lower one, not while the process is still starting', () => {
  expect(run({ minMemoryMB: 100 }, 50, 99, 100, 120, 99, 50, 101, 20)).toBe('- - - - below - - below');
});

it('says what was measured', () => {
  expect(new MemoryThresholds({ maxMemoryMB: 300 }).measure(412.34 * MB)?.detail).toBe('412.3 MB, above 300 MB');
});
