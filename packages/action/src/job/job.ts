import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@firstchance/model';

/** The job of GitHub Actions this step runs in, as the runner tells it in the environment. */
export interface Job {
  /** The checkout, absolute. */
  readonly workspace: string;
  /** Emptied by the runner before and after each job. */
  readonly temporary: string;
  /** Unique among the steps of the job: the step's id, or a name the runner made. */
  readonly step: string;
  /** The key in `jobs:`. */
  readonly name: string;
  /** From 1; a re-run has the run id of the first attempt. */
  readonly attempt: string;
  /** Of the run, to look at in a browser: "https://github.com/owner/name/actions/runs/1"; undefined outside of GitHub. */
  readonly runUrl: string | undefined;
  /** Everybody can download its artifacts. Undefined: the event does not say. */
  readonly isPublic: boolean | undefined;
}

/** @throws UsageError outside of GitHub Actions */
export function readJob(environment: NodeJS.ProcessEnv): Job {
  const need = (name: string) => {
    const value = environment[name];
    if (value === undefined || value === '')
      throw new UsageError(`${name} is not set: this is no step of GitHub Actions; use npx firstchance run`);
    return value;
  };
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  return {
    workspace: need('GITHUB_WORKSPACE'),
    temporary: need('RUNNER_TEMP'),
    step: environment.GITHUB_ACTION ?? 'firstchance',
    name: environment.GITHUB_JOB ?? 'job',
    attempt: environment.GITHUB_RUN_ATTEMPT ?? '1',
    runUrl: server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
    isPublic: visibility(environment.GITHUB_EVENT_PATH),
  };
}

/** The folder of what this action leaves in a job, one folder per step below it. */
export function actionFolder(job: Job): string {
  return join(job.temporary, 'firstchance');
}

/**
 * A folder for main. Inside of a composite action that a job uses twice, two steps have one name: the second gets a number.
 */
export function newStepFolder(job: Job): string {
  const folder = folders(job);
  for (let number = 1; ; number += 1) if (!existsSync(folder(number))) return folder(number);
}

/** The folder main has used last, for the post of a main that was killed before it could save which it was. */
export function lastStepFolder(job: Job): string {
  const folder = folders(job);
  let number = 1;
  while (existsSync(folder(number + 1))) number += 1;
  return folder(number);
}

function folders(job: Job): (number: number) => string {
  const first = join(actionFolder(job), job.step.replace(/[^A-Za-z0-9_-]+/g, '-'));
  return (number) => (number === 1 ? first : `${first}-${number}`);
}

/** The payload of the event has the repository (docs.github.com, webhook events). */
function visibility(eventPath: string | undefined): boolean | undefined {
  if (!eventPath) return undefined;
  try {
    const { repository } = JSON.parse(readFileSync(eventPath, 'utf8')) as {
      repository?: { visibility?: unknown; private?: unknown };
    };
    if (typeof repository?.visibility === 'string') return repository.visibility === 'public';
    if (typeof repository?.private === 'boolean') return !repository.private;
  } catch {
    // No payload, or not one of GitHub's.
  }
  return undefined;
}
