import path from 'node:path';
import { root } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

/** A failed step: its message is for people, no stack is needed. */
export class StepError extends Error {}

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Runs one step: its name when it begins, what it is at while it runs, its duration and result at the end. */
export async function step(name, work) {
  const start = performance.now();
  const shown = progress(`${paint(1, '▸')} ${name}`);
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const note = await work();
    shown.end(`${paint(32, '✓')} ${name} (${seconds()})${typeof note === 'string' && note !== '' ? `: ${note}` : ''}`);
    return note;
  } catch (error) {
    shown.end(`${paint(31, '✗')} ${name} (${seconds()})`);
    throw error;
  }
}

/** A command as a person would type it in the repository's root. */
export function typed(command, args, cwd = root) {
  const folder = path.relative(root, cwd);
  const quoted = [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  return folder === '' ? quoted : `(cd ${folder} && ${quoted})`;
}

/** Runs a command quietly; on failure shows the end of what it said and how to repeat it. */
export async function mustRun(command, args, options = {}) {
  const { code, output } = await run(command, args, { onLine: progress.line, ...options });
  if (code !== 0) {
    throw new StepError(
      `${tail(output)}\n\nThis failed with exit code ${code}:\n  ${typed(command, args, options.cwd)}`,
    );
  }
  return output;
}

/** The way out for a script: failures in plain words, exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`\n${error instanceof StepError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
