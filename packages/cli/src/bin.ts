import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.ts';
import { main } from './program.ts';

/** Entry of the `firstchance` command: sets the exit code, never ends the process while output is still on its way. */
export async function runMain(): Promise<void> {
  // A reader that has gone away (`firstchance ps | head -1`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const folder = workingFolder();
  if (folder === undefined) {
    process.stderr.write('firstchance: the folder this was started in is not there any more. Change to one that is.\n');
    process.exitCode = 64;
    return;
  }
  const surroundings = {
    ...{ stdout: process.stdout, stderr: process.stderr },
    ...{ environment: process.env, folder, version: packageVersion() },
  };
  process.exitCode = await main(process.argv.slice(2), surroundings, async () =>
    (await import('./connect.ts')).connectPorts(process.env),
  );
}

/** Undefined after it was removed: getcwd(2) answers ENOENT. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function packageVersion(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
