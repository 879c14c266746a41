/** An input of the action that is no option of the command line. */
export interface OwnInput {
  /** In kebab-case, as `with:` has it. */
  readonly name: string;
  readonly description: string;
  /** Written into action.yml; expressions of GitHub are filled in by the runner, in main and in post. */
  readonly default?: string;
}

export const MODES = ['run', 'arm', 'report'] as const;
export type Mode = (typeof MODES)[number];
export const UPLOADS = ['never', 'on-failure', 'always'] as const;
export type Upload = (typeof UPLOADS)[number];

export const OWN_INPUTS: readonly OwnInput[] = [
  {
    name: 'run',
    description:
      'The command to watch, as in a run step (bash -e -o pipefail). With op or op-command: the program to check.',
  },
  {
    name: 'mode',
    default: 'run',
    description:
      'run: watch the command in run. arm: watch every .NET process that later steps of the job start. report: collect what this job and others left, in one report.',
  },
  {
    name: 'working-directory',
    default: '.',
    description: 'Where the command runs and configuration and .firstchance are looked for, relative to the workspace.',
  },
  {
    name: 'upload',
    default: 'on-failure',
    description:
      'When dumps are uploaded as a build artifact: never, on-failure or always. The small report is uploaded unless this is never.',
  },
  {
    name: 'retention-days',
    default: '5',
    description: 'Days that artifacts are kept, 1 to 90; 0 for the default of the repository.',
  },
  {
    name: 'artifact-name',
    description:
      'Artifacts are NAME-ATTEMPT-report and NAME-ATTEMPT-dumps, of a report of several jobs NAME-ATTEMPT-merged. Without it NAME is firstchance-JOB-MATRIX, which is unique in a run.',
  },
  {
    name: 'max-upload',
    default: '500MB',
    description: 'Size of the dumps that are uploaded at most; those of failed tests come first, the newest first.',
  },
  {
    name: 'encryption-key',
    description:
      'Public keys (age1…, one per line) to which dumps are encrypted before the upload; firstchance decrypt reads them with the private key.',
  },
  {
    name: 'secrets',
    description:
      'Names of environment variables, one per line, whose values must not be in what is uploaded, besides those whose names look like secrets.',
  },
  {
    name: 'baseline-cache',
    description:
      'Keep the baseline file in the cache of GitHub Actions under this name: restored before a check, saved after one with write-baseline.',
  },
  {
    name: 'artifacts',
    default: 'firstchance-*-report*',
    description: 'mode report: artifacts of other jobs of this run to collect; * is a wildcard. Empty: none.',
  },
  {
    name: 'sessions',
    default: '.firstchance/*',
    description:
      'mode report: session folders of this job to collect besides those of this action, one pattern per line.',
  },
  {
    name: 'annotations',
    default: 'true',
    description: 'Write an annotation for each finding, within the limits of GitHub.',
  },
  { name: 'summary', default: 'true', description: 'Write the report to the summary of the job.' },
  {
    name: 'firstchance',
    description:
      'Path of the firstchance command. Without it that of node_modules in the working directory, then of this action, then the npm package.',
  },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  { name: 'matrix', default: '${{ toJSON(matrix) }}', description: 'Filled in by GitHub; do not set it.' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  { name: 'job-index', default: '${{ strategy.job-index }}', description: 'Filled in by GitHub; do not set it.' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
  { name: 'job-status', default: '${{ job.status }}', description: 'Filled in by GitHub; do not set it.' },
];
