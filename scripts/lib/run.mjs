import { spawn } from 'node:child_process';

/** Runs a command to its end. `quiet` keeps its output back and returns it; else it goes to the terminal. */
export function run(command, args, { quiet = false, cwd, env, input } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : [input === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio });
    let output = '';
    const take = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
}

/** The path of a command on PATH, or null. */
export async function which(command) {
  const { code, output } = await run('sh', ['-c', `command -v -- "$1"`, 'sh', command], { quiet: true });
  return code === 0 ? output.trim() : null;
}

/** The last lines of a text. */
export function tail(text, lines = 40) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
