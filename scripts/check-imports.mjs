// Imports go down only: what a package or a layer of the engine may import is written in imports.json.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './lib/paths.mjs';

/** Every import of `text` that `allowed` does not hold, as "line: name". */
export function wrongImports(text, pattern, self, allowed) {
  const wrong = [];
  for (const [index, line] of text.split('\n').entries()) {
    for (const [, name] of line.matchAll(pattern)) {
      if (name !== self && !allowed.includes(name)) {
        wrong.push({ line: index + 1, name });
      }
    }
  }
  return wrong;
}

const packagePattern = /(?:from|import)\s*\(?\s*'@firstchance\/([a-z-]+)/g;
const layerPattern = /#include\s+"([a-z_]+)\//g;

async function check(folder, files, pattern, self, allowed) {
  const problems = [];
  for (const file of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (files.test(file)) {
      const text = await readFile(path.join(folder, file), 'utf8');
      for (const { line, name } of wrongImports(text, pattern, self, allowed)) {
        problems.push(`${path.relative(root, path.join(folder, file))}:${line}: '${self}' may not import '${name}'`);
      }
    }
  }
  return problems;
}

export async function checkImports() {
  const matrix = JSON.parse(await readFile(path.join(root, 'scripts/imports.json'), 'utf8'));
  const problems = [];
  for (const name of await readdir(path.join(root, 'packages'))) {
    if (!(name in matrix.packages)) {
      problems.push(`packages/${name} is not in scripts/imports.json`);
      continue;
    }
    problems.push(
      ...(await check(path.join(root, 'packages', name, 'src'), /\.ts$/, packagePattern, name, matrix.packages[name])),
    );
  }
  const native = path.join(root, 'packages/engine/native/src');
  for (const name of await readdir(native)) {
    if (!(name in matrix.native)) {
      problems.push(`packages/engine/native/src/${name} is not in scripts/imports.json`);
      continue;
    }
    problems.push(...(await check(path.join(native, name), /\.(cpp|h)$/, layerPattern, name, matrix.native[name])));
  }
  return problems;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const problems = await checkImports();
  process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
