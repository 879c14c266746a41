import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '@firstchance/model';
import { makeEncrypter } from '../encryption/encrypt-file.ts';
import { type Inputs, readInputs } from '../inputs/read-inputs.ts';
import { type Job, readJob, stepFolder } from '../job/job.ts';
import { ArtifactStore } from '../upload/artifact-store.ts';

/** What every mode needs. */
export interface StepContext {
  readonly inputs: Inputs;
  readonly job: Job;
  /** Of this step, below RUNNER_TEMP; main and post share it. */
  readonly folder: string;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly store: ArtifactStore;
}

/** Reads and checks everything before anything runs. @throws UsageError */
export function stepContext(): StepContext {
  const inputs = readInputs();
  if (process.platform !== 'linux' && inputs.mode !== 'report')
    throw new UsageError(`firstchance captures on Linux runners only; give the step if: runner.os == 'Linux'`);
  const job = readJob(process.env);
  makeEncrypter(inputs.encryptionKeys);
  const workingDirectory = resolve(job.workspace, inputs.workingDirectory);
  if (!existsSync(workingDirectory)) throw new UsageError(`working-directory: there is no folder ${workingDirectory}`);
  return {
    ...{ inputs, job, workingDirectory, folder: stepFolder(job), store: new ArtifactStore(job) },
  };
}
