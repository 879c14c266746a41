import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StepError } from '../step.mjs';
import { readManifest } from './published.mjs';

const specifier = /((?:\bfrom|\bimport)\s*\(?\s*)(['"])([^'"]+)\2/g;

/**
 * Copies the declarations that can be reached from these files (absolute, .d.ts) into `to`, a folder for each of our packages;
 * imports of our packages become relative. Returns where each entry went, and which packages of others its types need.
 *
 * They are copied, not rolled up into one file: the tools for that need TypeScript's API, which version 7 no longer has.
 */
export async function copyDeclarations(entries, to, workspaces) {
  const places = new Map();
  const others = new Set();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (places.has(file)) {
      continue;
    }
    const place = placeOf(file, to, workspaces);
    places.set(file, place);
    const text = await readFile(file, 'utf8');
    const targets = new Map();
    for (const [, , , name] of text.matchAll(specifier)) {
      const target = await declarationOf(name, file, workspaces);
      if (target === null) {
        if (!name.startsWith('node:')) {
          others.add(packageName(name));
        }
      } else {
        targets.set(name, target);
        waiting.push(target);
      }
    }
    const rewritten = text.replace(specifier, (whole, head, quote, name) => {
      const target = targets.get(name);
      return target === undefined
        ? whole
        : `${head}${quote}${relative(place, placeOf(target, to, workspaces))}${quote}`;
    });
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, rewritten.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'));
  }
  return { placeOf: (file) => places.get(file), others };
}

async function declarationOf(name, from, workspaces) {
  if (name.startsWith('.')) {
    return path.resolve(path.dirname(from), name).replace(/\.[jt]s$/, '.d.ts');
  }
  const folder = workspaces.get(packageName(name));
  if (folder === undefined) {
    return null;
  }
  const { exports } = await readManifest(folder);
  const types = exports[`.${name.slice(packageName(name).length)}`]?.types;
  if (types === undefined || !existsSync(path.join(folder, types))) {
    throw new StepError(`${from} imports types of '${name}', which has none`);
  }
  return path.join(folder, types);
}

/** packages/model/dist/records/capture.d.ts goes to model/records/capture.d.ts. */
function placeOf(file, to, workspaces) {
  const folder = [...workspaces.values()].find((one) => file.startsWith(`${one}/dist/`));
  if (folder === undefined) {
    throw new StepError(`${file} is a declaration of no package of ours`);
  }
  return path.join(to, path.basename(folder), path.relative(path.join(folder, 'dist'), file));
}

function relative(from, to) {
  const way = path.relative(path.dirname(from), to).replace(/\.d\.ts$/, '.js');
  return way.startsWith('.') ? way : `./${way}`;
}

/** Of "zod/v4" the "zod", of "@firstchance/protocol/server" the "@firstchance/protocol". */
export function packageName(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
