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
  const surroundings = {
    ...{ stdout: process.stdout, stderr: process.stderr },
    ...{ environment: process.env, folder: process.cwd(), version: packageVersion() },
  };
  process.exitCode = await main(process.argv.slice(2), surroundings, async () =>
    (await import('./connect.ts')).connectPorts(process.env),
  );
}

function packageVersion(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
