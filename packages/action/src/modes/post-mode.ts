import { info } from '@actions/core';
import type { StepContext } from '../step/step-context.ts';
import { readStepRecord, writeStepRecord } from '../step/step-record.ts';
import { endSession } from './end-session.ts';
import { finish } from './finish.ts';

/** The post step: ends an armed session and tells what it found; does the same for a main that was killed or cancelled. */
export async function postMode(context: StepContext): Promise<void> {
  const { folder } = context;
  const record = readStepRecord(folder);
  if (record === undefined) {
    info('firstchance: nothing was begun in this step');
    return;
  }
  if (record.done) return;
  const notes = await endSession(folder, record);
  if (record.mode === 'run')
    notes.push('the step was cancelled or killed before its end; this is what there was until then');
  const { published } = await finish(context, record.session, { notes });
  writeStepRecord(folder, { ...record, process: null, done: true, artifact: published.report?.name ?? null });
}
