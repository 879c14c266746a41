import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const moduleImport = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;
const include = /^\s*#\s*include\s+"([^"]+)"/g;
const scope = '@firstchance/';
const builtin = /^node:/;

/**
 * Every import under `root` that the matrix does not allow, as "file:line: sentence". The matrix names, for every package and
 * every layer of the engine, what it may import; a layer may also be given single headers of another ("agent/protocol.h").
 */
export async function importProblems(root, matrix) {
  return [...(await packageProblems(root, matrix)), ...(await nativeProblems(root, matrix))];
}

/** Packages and adapters. A part of a package ("protocol/server", a folder of its src) may have an entry of its own. */
async function packageProblems(root, matrix) {
  const problems = [];
  for (const [where, rules] of [
    ['packages', matrix.packages],
    ['adapters', matrix.adapters ?? {}],
  ]) {
    for (const name of await folders(path.join(root, where))) {
      if (rules[name] === undefined) {
        problems.push(`${where}/${name}: is not in the matrix`);
      } else {
        problems.push(...(await problemsOfPackage(root, `${where}/${name}`, name, rules, matrix)));
      }
    }
  }
  return problems;
}

async function problemsOfPackage(root, where, name, rules, matrix) {
  const problems = [];
  const own = path.join(root, where);
  const parts = Object.keys(rules).filter((one) => one.startsWith(`${name}/`));
  const anywhere = [name, ...parts].flatMap((part) => rules[part].map((one) => one.split('/')[0]));
  const manifest = JSON.parse(await readFile(path.join(own, 'package.json'), 'utf8'));
  const declared = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  for (const dependency of declared.filter((one) => one.startsWith(scope))) {
    if (!anywhere.includes(dependency.slice(scope.length))) {
      problems.push(`${where}/package.json:1: '${name}' may not depend on '${dependency}'`);
    }
  }
  const partOf = (file) => parts.find((one) => file.startsWith(path.join(own, 'src', one.slice(name.length + 1), '/')));
  for (const { file, line, specifier } of await imports(path.join(own, 'src'), /\.[cm]?tsx?$/, moduleImport)) {
    const at = `${path.relative(root, file)}:${line}`;
    const from = partOf(file) ?? name;
    const other = importedPart(specifier, matrix.packages);
    if (other !== null && other !== from && other !== name && !rules[from].includes(other)) {
      problems.push(`${at}: '${from}' may not import '${other}'`);
    }
    if (specifier.startsWith('.')) {
      const target = path.resolve(path.dirname(file), specifier);
      const to = partOf(target) ?? name;
      if (path.relative(own, target).startsWith('..')) {
        problems.push(`${at}: '${specifier}' leads out of the package; import it by its name`);
      } else if (to !== from && !rules[from].includes(to)) {
        problems.push(`${at}: '${from}' may not import '${to}'`);
      }
    }
    if (matrix.pure?.includes(name) && builtin.test(specifier) && !/\.test\.ts$|\/testing\//.test(file)) {
      problems.push(`${at}: '${name}' does no I/O and may not import '${specifier}'`);
    }
  }
  return problems;
}

/** Of "@firstchance/protocol/server" the part when the matrix knows it, else the package; null for what is not ours. */
function importedPart(specifier, packages) {
  if (!specifier.startsWith(scope)) {
    return null;
  }
  const [name, part] = specifier.slice(scope.length).split('/');
  return packages[`${name}/${part}`] === undefined ? name : `${name}/${part}`;
}

async function nativeProblems(root, matrix) {
  const problems = [];
  const folder = path.join(root, 'packages/engine/native/src');
  const layers = await folders(folder);
  for (const name of layers) {
    const allowed = matrix.native[name];
    if (allowed === undefined) {
      problems.push(`${path.relative(root, path.join(folder, name))}: is not in the matrix`);
      continue;
    }
    for (const { file, line, specifier } of await imports(path.join(folder, name), /\.(cpp|h)$/, include)) {
      const at = `${path.relative(root, file)}:${line}`;
      const layer = specifier.split('/')[0];
      if (specifier.startsWith('.')) {
        problems.push(`${at}: includes are written from src/, not '${specifier}'`);
      } else if (layers.includes(layer) && layer !== name && !allowed.includes(layer) && !allowed.includes(specifier)) {
        problems.push(`${at}: '${name}' may not include '${specifier}'`);
      }
    }
  }
  return problems;
}

async function imports(folder, files, pattern) {
  const found = [];
  for (const file of existsSync(folder) ? (await readdir(folder, { recursive: true })).sort() : []) {
    if (files.test(file)) {
      const text = await readFile(path.join(folder, file), 'utf8');
      for (const [index, line] of text.split('\n').entries()) {
        for (const [, specifier] of line.matchAll(pattern)) {
          found.push({ file: path.join(folder, file), line: index + 1, specifier });
        }
      }
    }
  }
  return found;
}

async function folders(folder) {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
