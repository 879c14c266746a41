import type { CaptureDetail } from '@firstchance/model';
import { attachToProcess, runCommand, Session, type SessionEnd } from '@firstchance/session';

export {
  type CheckedGrowth,
  checkGrowth,
  expectNoGrowth,
  GrowthError,
  type GrowthOperation,
  type GrowthOptions,
  type GrowthTarget,
} from './api/growth.ts';

import { type Common, prepare } from './api/prepare.ts';
import { readReportPage } from './report/page.ts';
import { writeReports } from './report/write-reports.ts';

export interface RunOptions extends Common {
  readonly command: readonly string[];
}

export interface AttachOptions extends Common {
  readonly pid: number;
}

export interface DumpOptions extends Common {
  readonly pid: number;
}

/** A session that is over: its folder, absolute, and how it ended. */
export interface FinishedSession extends SessionEnd {
  readonly folder: string;
}

/** Runs a command as `firstchance run` does. @throws UsageError, TargetError */
export async function run(request: RunOptions): Promise<FinishedSession> {
  const { environment = process.env, folder: workingFolder = process.cwd(), listener = {}, command } = request;
  const { plan, ports, folder: held } = prepare(request, command);
  using _held = held;
  const end = await runCommand({ plan, ports, listener, environment, workingFolder, stdout: 'inherit' });
  await writeReports(plan.folder, readReportPage, (sentence) => listener.onLog?.('warning', sentence));
  return { ...end, folder: plan.folder };
}

/** Watches a running process until it ends or the number of captures is reached. */
export async function attach(request: AttachOptions): Promise<FinishedSession> {
  const { plan, ports, folder: held } = prepare(request, ['attach', String(request.pid)]);
  using _held = held;
  const { listener = {}, pid } = request;
  const end = await attachToProcess({ plan, ports, listener, pid });
  await writeReports(plan.folder, readReportPage, (sentence) => listener.onLog?.('warning', sentence));
  return { ...end, folder: plan.folder };
}

/** Dumps a process now; undefined when that failed: the session's manifest, and the listener, say why. */
export async function dump(request: DumpOptions): Promise<{ capture: CaptureDetail | undefined; folder: string }> {
  const { plan, ports, folder: held } = prepare(request, ['dump', String(request.pid)]);
  using _held = held;
  await using session = await Session.open(plan, ports, request.listener ?? {}, { agents: false });
  const capture = await session.capture(request.pid, { kind: 'manual', detail: 'dump()' });
  return { capture, folder: plan.folder };
}
