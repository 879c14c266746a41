import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getInput, info, saveState, setFailed } from '@actions/core';
import { UsageError } from '@firstchance/model';
import { harmless } from '@firstchance/report';
import { BaselineCache } from '../baseline/baseline-cache.ts';
import { commandWords } from '../command/command-words.ts';
import { runFirstchance } from '../command/run-firstchance.ts';
import { optionArguments } from '../inputs/option-arguments.ts';
import { startedProcess } from '../step/started-process.ts';
import type { StepContext } from '../step/step-context.ts';
import { type StepRecord, writeStepRecord } from '../step/step-record.ts';
import { finish } from './finish.ts';
import { locate } from './firstchance.ts';

/** mode run: one command under `firstchance run`, or `firstchance check` when an operation is given; fails as it does. */
export async function runMode(context: StepContext): Promise<void> {
  const { inputs, folder, workingDirectory } = context;
  const verb = getInput('op') !== '' || getInput('op-command') !== '' ? 'check' : 'run';
  const options = optionArguments(verb);
  const baseline = baselineCache(context);
  const script = await locate(context);
  const session = inputs.output === '' ? join(folder, 'session') : resolve(workingDirectory, inputs.output);
  if (baseline) info(`firstchance: ${await baseline.restore()}`);

  let record: StepRecord = { mode: 'run', session, process: null, done: false, artifact: null };
  const keep = (change: Partial<StepRecord>) => {
    record = { ...record, ...change };
    writeStepRecord(folder, record);
  };
  keep({});
  saveState('folder', folder);
  const { code, cancelled } = await runFirstchance({
    ...{ script, workingDirectory },
    arguments: [verb, '-x', session, ...options, '--', ...commandWords(inputs.run, workingDirectory, process.env.PATH)],
    onStarted: (pid) => keep({ process: startedProcess(pid) }),
  });
  if (cancelled) {
    // A few seconds are left, too few for an upload: post has minutes.
    setFailed('the job was cancelled');
    return;
  }
  if (baseline && inputs.writeBaseline && existsSync(resolve(workingDirectory, inputs.baseline)))
    info(`firstchance: ${await baseline.save()}`);
  const { model, published } = await finish(context, session, { exitCode: code });
  keep({ process: null, done: true, artifact: published.report?.name ?? null });
  if (code === 0) return;
  const why = model?.outcome.reason ?? 'no session began; the lines above say why';
  setFailed(`firstchance: exit code ${code}: ${harmless(why)}`);
}

/** @throws UsageError */
function baselineCache({ inputs, workingDirectory, job }: StepContext): BaselineCache | undefined {
  if (inputs.baselineCache === '') return undefined;
  if (inputs.baseline === '') throw new UsageError('baseline-cache: it also needs baseline, the path of the file');
  return new BaselineCache(inputs.baselineCache, resolve(workingDirectory, inputs.baseline), job);
}
