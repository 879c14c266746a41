import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { CircusTest, DescribeBlock } from './circus.ts';
import { LineReader } from './line-reader.ts';

const FILE = '/x/a.test.js';

/** Tests in two suites, one within the other, and how often the stack of each was read. */
function file(count: number) {
  const reads = new Map<string, number>();
  const make = (name: string, line: number): CircusTest => ({
    ...{ name, parent: { name: 'ROOT' }, invocations: 0, errors: [] },
    asyncError: {
      get stack() {
        reads.set(name, (reads.get(name) ?? 0) + 1);
        return `Error\n    at ${FILE}:${line}:3`;
      },
    },
  });
  const tests = Array.from({ length: count }, (_, i) => make(`t${i}`, i + 1));
  const inner: DescribeBlock = { name: 'Cart', children: tests.slice(1) };
  return { reads, tests, root: { name: 'ROOT', children: [...tests.slice(0, 1), inner] } };
}

it('reads the lines to come while the event loop is free, each once', async () => {
  const { reads, tests, root } = file(4);
  const lines = new LineReader(FILE);
  expect(lines.lineOf(tests[0] as CircusTest)).toBe(1);
  lines.readAhead(root);
  lines.readAhead(root);
  expect([...reads.keys()]).toEqual(['t0']);
  while (reads.size < 4) await setImmediate();
  expect(tests.map((test) => lines.lineOf(test))).toEqual([1, 2, 3, 4]);
  expect([...reads.values()]).toEqual([1, 1, 1, 1]);
});

it('reads no more once the run is over', async () => {
  const { reads, root } = file(100);
  const lines = new LineReader(FILE);
  lines.readAhead(root);
  while (reads.size === 0) await setImmediate();
  lines.stop();
  const { size } = reads;
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  expect(reads.size).toBe(size);
});
