import { endProcess } from '../step/started-process.ts';
import { type StepRecord, writeStepRecord } from '../step/step-record.ts';

/** Captures under way are written; a full dump of a large process takes this long. */
const GRACE_MS = 120_000;
/** firstchance run passes a first signal on, and kills the command at a second one when that comes 5 s later. */
const AGAIN_MS = 7_000;

/** Ends what a step left running. @returns what a person should know about it */
export async function endSession(folder: string, record: StepRecord): Promise<string[]> {
  if (record.process === null) return [];
  const ended = await endProcess(record.process, GRACE_MS, record.mode === 'run' ? AGAIN_MS : Number.POSITIVE_INFINITY);
  writeStepRecord(folder, { ...record, process: null });
  return ended
    ? []
    : [`the session did not end within ${GRACE_MS / 1000} s and was killed; captures under way are lost`];
}
