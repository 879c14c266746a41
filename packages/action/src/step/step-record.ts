import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '@firstchance/manifest';

/** What main leaves for post, and for a later step with mode report: a file of its own, since a killed main saves no state. */
export interface StepRecord {
  readonly mode: 'run' | 'arm' | 'report';
  /** Session folder, absolute. */
  readonly session: string;
  /** The firstchance command that was started; null before. */
  readonly process: { readonly pid: number; readonly startTime: string } | null;
  /** Its result has been told: nothing is left to do. */
  readonly done: boolean;
  /** Name of the artifact its report was uploaded as; null when it was not. */
  readonly artifact: string | null;
}

const FILE = 'step.json';

/** @throws the system's error */
export function writeStepRecord(folder: string, record: StepRecord): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, FILE), JSON.stringify(record));
}

/** Undefined when there is none, or it is no record of ours. */
export function readStepRecord(folder: string): StepRecord | undefined {
  try {
    const { mode, session, process, done, artifact } = JSON.parse(
      readFileSync(join(folder, FILE), 'utf8'),
    ) as StepRecord;
    if ((mode !== 'run' && mode !== 'arm' && mode !== 'report') || typeof session !== 'string') return undefined;
    const known = process && Number.isSafeInteger(process.pid) && process.pid > 1 ? process : null;
    return {
      mode,
      session,
      process: known,
      done: done === true,
      artifact: typeof artifact === 'string' ? artifact : null,
    };
  } catch {
    return undefined;
  }
}
