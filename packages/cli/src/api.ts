import { makeSessionFolder } from '@firstchance/manifest';
import type { CaptureDetail } from '@firstchance/model';
import { validateConfig } from '@firstchance/model';
import { attachToProcess, runCommand, Session, type SessionEnd, type SessionListener } from '@firstchance/session';
import type { FirstchanceConfig } from './config/define.ts';
import { connectPorts } from './connect.ts';
import { sessionOptions } from './options/to-session.ts';
import { readReportPage } from './report/page.ts';
import { writeReports } from './report/write-reports.ts';

interface Common {
  /** The options of docs/options.md, as in a configuration file. */
  readonly options?: FirstchanceConfig;
  /** Told as it happens: records, progress, stacks. */
  readonly listener?: SessionListener;
  /** Working folder; sessions go to .firstchance below it. Default: the process's own. */
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

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

function prepare(
  { options = {}, folder = process.cwd(), environment = process.env }: Common,
  command: readonly string[],
) {
  const resolved = sessionOptions(validateConfig(options, 'options'));
  const made = makeSessionFolder(folder, resolved.folder);
  const versions = { node: process.versions.node };
  return {
    plan: {
      ...{ options: resolved, sessionId: made.id, folder: made.path, command, versions },
      shared: made.sharedWith.length > 0,
    },
    folder: made,
    ports: connectPorts(environment).session,
  };
}
