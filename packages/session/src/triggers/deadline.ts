import type { CaptureDetail, Trigger } from '@firstchance/model';
import type { Recorder } from '../records/recorder.ts';

interface Capturing {
  readonly recorder: Pick<Recorder, 'problem'>;
  capture(pid: number, trigger: Trigger, more: { testName?: string }): Promise<CaptureDetail | undefined>;
}

/**
 * A capture of each process, all at once: they are about one moment. A run of which nothing can be captured says so; a test
 * may well use no .NET program.
 */
export async function captureAtDeadline(
  session: Capturing,
  trigger: Trigger,
  pids: readonly number[],
  testName: string | undefined,
): Promise<readonly CaptureDetail[]> {
  if (pids.length === 0 && testName === undefined) {
    const why = "no .NET process was running in the command's process tree";
    const what = `nothing to capture at the deadline (${trigger.detail})`;
    session.recorder.problem({ what, where: '', why, cure: '' });
  }
  const more = testName === undefined ? {} : { testName };
  const details = await Promise.all(pids.map((pid) => session.capture(pid, trigger, more)));
  return details.filter((detail) => detail !== undefined);
}
