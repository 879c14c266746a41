import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { FileSpool } from './file-spool.ts';

it('gives back every text, whether it was kept in memory or in a file that nobody else finds', () => {
  using spool = new FileSpool();
  const texts = Array.from({ length: 60 }, (_, index) => `${index} ü 日本 😀 ${'x'.repeat(index * 1000)}`);
  const places = texts.map((text) => spool.append(text));
  expect(places.some((place) => typeof place === 'string')).toBe(true);
  expect(places.some((place) => typeof place !== 'string')).toBe(true);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`firstchance-report-${process.pid}-`))).toEqual([]);
  for (const [index, place] of [...places.entries()].reverse()) expect(spool.read(place)).toBe(texts[index]);
});

it('does not make up texts that are gone', () => {
  const spool = new FileSpool();
  const place = spool.append('x'.repeat(2 * 1024 * 1024));
  spool[Symbol.dispose]();
  expect(() => spool.read(place)).toThrow('gone');
});
