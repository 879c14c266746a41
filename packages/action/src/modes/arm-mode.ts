import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exportVariable, info, saveState, setOutput } from '@actions/core';
import { startServer } from '../command/start-server.ts';
import { optionArguments } from '../inputs/option-arguments.ts';
import { startedProcess } from '../step/started-process.ts';
import type { StepContext } from '../step/step-context.ts';
import { writeStepRecord } from '../step/step-record.ts';
import { locate } from './firstchance.ts';

/**
 * mode arm: starts the session's server and gives later steps the environment that loads the agent into every .NET process. The
 * server lives until post, or a step with mode report, ends it.
 */
export async function armMode(context: StepContext): Promise<void> {
  const { inputs, folder, workingDirectory } = context;
  const options = optionArguments('serve');
  const script = await locate(context);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const session = inputs.output === '' ? join(folder, 'session') : resolve(workingDirectory, inputs.output);
  const { pid, ready } = await startServer(script, ['-x', session, ...options], workingDirectory, folder);
  writeStepRecord(folder, { mode: 'arm', session, process: startedProcess(pid), done: false, artifact: null });
  saveState('folder', folder);
  for (const [name, value] of Object.entries(ready.environment)) exportVariable(name, value);
  setOutput('session', session);
  info('firstchance: .NET processes of the steps that follow are watched');
}
