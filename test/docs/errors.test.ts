import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/* docs/errors.md explains every code that the sources can give, and no other. */

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Files of the folder and below that are part of what runs. */
function sources(folder: string, extension: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => extension.test(file) && !/\.test\.ts$|(^|\/)(testing|dist|node_modules|native)\//.test(file))
    .map((file) => readFileSync(path.join(root, folder, file), 'utf8'));
}

/** Codes in TypeScript: the members of the types named …ErrorCode, those declared beside a class, and those given on the spot. */
function typeScriptCodes(source: string): string[] {
  const text = source.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  const unions = [
    ...[...text.matchAll(/type \w+ErrorCode =([^;]+);/g)].map(([, union]) => union),
    ...[...text.matchAll(/\breadonly code: ('[^;]+);/g)].map(([, union]) => union),
    ...[...text.matchAll(/\breadonly code = ('[^;]+);/g)].map(([, union]) => union),
    ...[...text.matchAll(/\bcode: ('[a-z]+(?:-[a-z]+)*')[,\s}]/g)].map(([, code]) => code),
    // By the system's own answer (packages/manifest/src/system-error.ts).
    ...[...text.matchAll(/^ {2}E[A-Z]+: \[('[a-z]+(?:-[a-z]+)*'),/gm)].map(([, code]) => code),
    ...[...text.matchAll(/^ {2}const fallback = \[[^?]+\?([^,]+),/gm)].map(([, codes]) => codes),
  ];
  return unions.flatMap((union = '') => [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code));
}

test('the page names exactly the codes of the sources', () => {
  const native = readFileSync(path.join(root, 'packages/engine/native/src/base/error.cpp'), 'utf8');
  const codes = new Set([
    ...['packages', 'adapters'].flatMap((folder) => sources(folder, /\.ts$/)).flatMap(typeScriptCodes),
    ...[...native.matchAll(/case ErrorCode::\w+: return "([a-z-]+)"/g)].map(([, code = '']) => code),
  ]);
  // Enough was found to be sure that the search still works.
  expect([...codes]).toEqual(
    expect.arrayContaining(['engine-missing', 'usage', 'no-session', 'disk-full', 'port-failed']),
  );
  const page = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
  const named = new Set([...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code));
  expect([...named].sort()).toEqual([...codes].sort());
});
