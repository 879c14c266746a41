import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { mustRun, step } from './step.mjs';

/** What package-lock.json wants and node_modules does not have, by npm's own record of what it installed. */
export function missingModules(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([where, wanted]) => where.startsWith('node_modules/') && !isForOtherMachine(wanted))
    .filter(([where, wanted]) => installed.packages[where]?.version !== wanted.version)
    .map(([where]) => where.replace(/^.*node_modules\//, ''));
}

// npm leaves out what is for another system, and optional packages may be left out for reasons of their own.
const isForOtherMachine = (wanted) => wanted.optional === true || wanted.os !== undefined || wanted.link === true;

/** Node modules as the lock file has them; nothing is done when they are there. */
export async function installModules() {
  await step('Node modules', async () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
    const record = path.join(root, 'node_modules/.package-lock.json');
    const missing = existsSync(record) ? missingModules(lock, JSON.parse(readFileSync(record, 'utf8'))) : null;
    if (missing?.length === 0) {
      return 'as locked';
    }
    await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
    return missing === null ? 'installed' : `installed anew, for ${missing.join(', ')}`;
  });
}
