import { expect, it } from 'vitest';
import { RunReporter } from './run-reporter.ts';

it('tells of a dump only when it takes long: the line stands where the command writes, too', () => {
  const parts: string[] = [];
  let now = 5_000;
  const out = { isTTY: true, columns: 80, write: (part: string) => void parts.push(part) };
  const reporter = new RunReporter(out, {}, { quiet: false, verbose: false, json: undefined }, () => now);
  const wrote = (id: string, at: number) => {
    now = at;
    reporter.onProgress(id, { phase: 'write', doneBytes: at, totalBytes: 10_000_000 });
  };
  wrote('0001-manual', 5_000);
  wrote('0001-manual', 5_900);
  wrote('0002-manual', 6_100);
  expect(parts).toEqual([]);
  wrote('0001-manual', 6_200);
  expect(parts).toEqual([expect.stringContaining('writing 0001')]);
});
