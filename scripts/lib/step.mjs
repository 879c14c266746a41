import { run, tail } from './run.mjs';

/** A failed step: its message is for people, no stack is needed. */
export class StepError extends Error {}

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Runs one step, with its name and duration on the terminal. */
export async function step(name, work) {
  const start = performance.now();
  process.stdout.write(`${paint(1, '▸')} ${name} …\n`);
  try {
    const note = await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(`${paint(32, '✓')} ${name} (${seconds} s)${typeof note === 'string' ? `: ${note}` : ''}\n`);
    return note;
  } catch (error) {
    process.stdout.write(`${paint(31, '✗')} ${name}\n`);
    throw error;
  }
}

/** Runs a command quietly; on failure shows the end of what it said and how to repeat it. */
export async function mustRun(command, args, options = {}) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) {
    const where = options.cwd === undefined ? '' : ` (in ${options.cwd})`;
    throw new StepError(
      `${tail(output)}\n\nThis failed with exit code ${code}${where}:\n  ${[command, ...args].join(' ')}`,
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
