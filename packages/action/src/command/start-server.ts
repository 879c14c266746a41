import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FirstchanceError } from '@firstchance/model';
import { z } from 'zod';
import { childEnvironment } from './child-environment.ts';
import { lastWords } from './last-words.ts';

/** The first line of `firstchance serve`. */
const readySchema = z.object({ folder: z.string(), environment: z.record(z.string(), z.string()) });
export type ServerReady = z.infer<typeof readySchema>;

export interface StartedServer {
  readonly pid: number;
  readonly ready: ServerReady;
}

/**
 * Starts `firstchance serve` so that it outlives this process: it ends at SIGTERM. What it says goes into serve.log of the folder.
 * @throws FirstchanceError `server-not-started`
 */
export async function startServer(
  script: string,
  args: readonly string[],
  workingDirectory: string,
  folder: string,
): Promise<StartedServer> {
  const logPath = join(folder, 'serve.log');
  const log = openSync(logPath, 'a', 0o600);
  const child = spawn(process.execPath, [script, 'serve', '--detached', ...args], {
    ...{ cwd: workingDirectory, env: childEnvironment(process.env), detached: true },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const failure = (why: string) =>
    new FirstchanceError({
      ...{ code: 'server-not-started', what: 'Starting the session', why },
      cure: 'Run firstchance doctor in a step of this job to see what is missing.',
    });
  const { stdout: output } = child;
  if (!output) throw failure('it has no standard output');
  const line = await new Promise<string>((resolve, reject) => {
    child.once('error', ({ message }) => reject(failure(message)));
    child.once('exit', () => reject(failure(lastWords(readFileSync(logPath, 'utf8')) || 'it ended at once')));
    createInterface({ input: output }).once('line', resolve);
  });
  let ready: ServerReady;
  try {
    ready = readySchema.parse(JSON.parse(line));
  } catch (cause) {
    child.kill();
    throw new FirstchanceError({ ...failure('its first line was not understood') }, { cause });
  }
  output.destroy();
  child.unref();
  return { pid: child.pid ?? 0, ready };
}
