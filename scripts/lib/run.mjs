import { spawn } from 'node:child_process';

/**
 * Runs a command to its end and returns what it wrote. `onLine` hears every line as it comes; `show` sends the output to the
 * terminal instead. Never throws: a command that could not be started has the shell's code 127.
 */
export function run(command, args, { show = false, cwd, env, onLine } = {}) {
  return new Promise((resolve) => {
    const stdio = ['ignore', ...(show ? ['inherit', 'inherit'] : ['pipe', 'pipe'])];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      const line = chunk.trimEnd().split('\n').at(-1);
      if (line) {
        onLine?.(line);
      }
    };
    child.stdout?.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => {
      const killed = signal === null ? '' : `\nIt was ended by ${signal}.\n`;
      resolve({ code: code ?? 128, output: `${output}${killed}` });
    });
  });
}

/** The path of a command on PATH, or null. */
export async function which(command) {
  const { code, output } = await run('sh', ['-c', 'command -v -- "$1"', 'sh', command]);
  return code === 0 ? output.trim() : null;
}

/** The last lines of a text. */
export function tail(text, lines = 40) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Works on `items` with as many workers as there are cores; results in the order of the items. */
export async function inParallel(items, workers, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, worker));
  return results;
}
