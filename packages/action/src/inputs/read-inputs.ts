import { getInput, getMultilineInput } from '@actions/core';
import { parseSize, UsageError, ValueError } from '@firstchance/model';
import { MODES, type Mode, UPLOADS, type Upload } from './own-inputs.ts';

/** What the step was given with `with:`. */
export interface Inputs {
  readonly mode: Mode;
  /** The command as written; empty when none was given. */
  readonly run: string;
  readonly workingDirectory: string;
  readonly upload: Upload;
  readonly retentionDays: number;
  readonly artifactName: string;
  /** In bytes. */
  readonly maxUpload: number;
  readonly encryptionKeys: readonly string[];
  readonly secrets: readonly string[];
  /** Variables that the author of the workflow lets the tests have: not searched for. */
  readonly allowed: readonly string[];
  readonly baseline: string;
  readonly writeBaseline: boolean;
  readonly baselineCache: string;
  readonly artifacts: string;
  readonly sessions: readonly string[];
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly firstchance: string;
  /** Session folder that was asked for; empty for one of our own. */
  readonly output: string;
  readonly matrix: string;
  readonly jobIndex: string;
  readonly jobStatus: string;
}

/** Reads the action's own inputs; options of the command line are read by optionArguments. @throws UsageError naming the input */
export function readInputs(): Inputs {
  const mode = choice('mode', MODES, 'run');
  const run = getInput('run');
  if (mode === 'run' && run === '') throw new UsageError('run: give the command to watch, or mode: arm or report');
  if (mode !== 'run' && run !== '') throw new UsageError(`run: mode ${mode} takes no command`);
  return {
    ...{ mode, run },
    workingDirectory: getInput('working-directory') || '.',
    upload: choice('upload', UPLOADS, 'on-failure'),
    retentionDays: retention(getInput('retention-days')),
    artifactName: getInput('artifact-name'),
    maxUpload: size('max-upload', '500MB'),
    encryptionKeys: getMultilineInput('encryption-key'),
    secrets: getMultilineInput('secrets').flatMap((line) => line.split(/[\s,]+/)),
    allowed: getMultilineInput('allow-env'),
    baseline: getInput('baseline'),
    writeBaseline: flag('write-baseline', false),
    baselineCache: getInput('baseline-cache'),
    artifacts: getInput('artifacts'),
    sessions: getMultilineInput('sessions'),
    annotations: flag('annotations', true),
    summary: flag('summary', true),
    firstchance: getInput('firstchance'),
    output: getInput('output'),
    matrix: getInput('matrix'),
    jobIndex: getInput('job-index'),
    jobStatus: getInput('job-status'),
  };
}

/** true or false as YAML 1.2 has them. @throws UsageError */
export function flag(name: string, fallback: boolean): boolean {
  const text = getInput(name);
  if (text === '') return fallback;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  throw new UsageError(`${name}: write true or false, not ${JSON.stringify(text)}`);
}

function choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
  const text = getInput(name) || fallback;
  const found = choices.find((one) => one === text);
  if (found === undefined)
    throw new UsageError(`${name}: it must be one of ${choices.join(', ')}, not ${JSON.stringify(text)}`);
  return found;
}

function retention(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : text === '' ? 5 : Number.NaN;
  if (!(days <= 90))
    throw new UsageError(`retention-days: write a whole number from 0 to 90, not ${JSON.stringify(text)}`);
  return days;
}

function size(name: string, fallback: string): number {
  try {
    return parseSize(getInput(name) || fallback);
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}
