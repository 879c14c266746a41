import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packs what users install into a folder. @returns that folder */
export async function packAll(to) {
  const child = spawn(process.execPath, ['scripts/pack.mjs', '--to', to], { cwd: root, stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`scripts/pack.mjs ended with ${code}`);
  return to;
}

/**
 * Modules of a project as a user would have them: ours packed and copied, so that each finds its neighbours, those of the runner
 * linked from where they are installed.
 */
export function installPacked(packed, runnerModules, project) {
  const modules = path.join(project, 'node_modules');
  mkdirSync(path.join(modules, '@firstchance'), { recursive: true });
  for (const folder of readdirSync(packed).map((name) => path.join(packed, name))) {
    if (!existsSync(path.join(folder, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    cpSync(folder, path.join(modules, manifest.name), { recursive: true });
    for (const name of Object.keys(manifest.dependencies ?? {}))
      link(path.join(root, 'node_modules', name), modules, name);
  }
  link(path.join(modules, 'firstchance/bin/firstchance.js'), modules, '.bin/firstchance');
  for (const name of runnerModules === undefined ? [] : namesIn(runnerModules)) {
    link(path.join(runnerModules, name), modules, name);
  }
  return modules;
}

/** Packages by their names, and their commands; ours, as the clone has them, apart from that. */
function namesIn(modules) {
  return readdirSync(modules).flatMap((name) => {
    if (name === '.bin') return readdirSync(path.join(modules, name)).map((one) => `${name}/${one}`);
    if (name.startsWith('.') || name === 'firstchance' || name === '@firstchance') return [];
    return name.startsWith('@') ? readdirSync(path.join(modules, name)).map((one) => `${name}/${one}`) : [name];
  });
}

function link(from, modules, name) {
  const place = path.join(modules, name);
  if (existsSync(place)) return;
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(from, place);
}
