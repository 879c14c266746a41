import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { info } from '@actions/core';
import { errorText } from '@firstchance/model';
import { childEnvironment } from '../command/child-environment.ts';
import { lastWords } from '../command/last-words.ts';
import { locateFirstchance } from '../command/locate.ts';
import { actionFolder } from '../job/job.ts';
import type { StepContext } from '../step/step-context.ts';

/** @throws UsageError, FirstchanceError */
export function locate({ inputs, job, workingDirectory }: StepContext): Promise<string> {
  return locateFirstchance({
    ...{ given: inputs.firstchance, workingDirectory, folder: join(actionFolder(job), 'command') },
    say: (text) => info(`firstchance: ${text}`),
  });
}

/** Runs a command of firstchance that ends soon. @throws with what it said when it fails */
export async function command(context: StepContext, args: readonly string[]): Promise<void> {
  const script = await locate(context);
  try {
    await promisify(execFile)(process.execPath, [script, ...args], {
      ...{ cwd: context.workingDirectory, env: childEnvironment(process.env), maxBuffer: 64 * 1024 * 1024 },
    });
  } catch (error) {
    const said = lastWords(String((error as { stderr?: unknown }).stderr ?? ''));
    throw new Error(said || errorText(error), { cause: error });
  }
}
