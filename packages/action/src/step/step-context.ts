import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { getState } from '@actions/core';
import { UsageError } from '@firstchance/model';
import { makeEncrypter } from '../encryption/encrypt-file.ts';
import { type Inputs, readInputs } from '../inputs/read-inputs.ts';
import { type Job, lastStepFolder, newStepFolder, readJob } from '../job/job.ts';
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
export function stepContext(entry: 'main' | 'post'): StepContext {
  const inputs = readInputs();
  if (process.platform !== 'linux' && inputs.mode !== 'report')
    throw new UsageError(`firstchance captures on Linux runners only; give the step if: runner.os == 'Linux'`);
  const job = readJob(process.env);
  makeEncrypter(inputs.encryptionKeys);
  const asked = resolve(job.workspace, inputs.workingDirectory);
  const there = existsSync(asked);
  if (!there && entry === 'main') throw new UsageError(`working-directory: there is no folder ${asked}`);
  return {
    ...{ inputs, job, store: new ArtifactStore(job) },
    folder: entry === 'main' ? newStepFolder(job) : getState('folder') || lastStepFolder(job),
    // Post must end what main began, whatever a step between them did to the workspace.
    workingDirectory: there ? asked : job.temporary,
  };
}
