import { isAlive, processName, readCommandLine, readStat } from '@firstchance/target';
import type { Session } from '../../session.ts';
import { CheckFailure } from '../run/check-failure.ts';
import type { HostedTarget } from './hosted-target.ts';
import { originOf } from './origin.ts';

/** Only a parent is told of a process's end. */
const LOOK_MS = 100;

export interface AttachOptions {
  readonly pid: number;
  /** An operation names only a path: its address must be found. */
  readonly needsOrigin: boolean;
  readonly describe: (pid: number) => Promise<{ readonly runtime: string | null }>;
}

/** A process that runs already. The agent is loaded into it and stays, silent. @throws CheckFailure */
export async function attachTarget(
  session: Session,
  { pid, needsOrigin, describe }: AttachOptions,
): Promise<HostedTarget> {
  const stat = readStat(pid);
  const commandLine = readCommandLine(pid);
  const name = processName(commandLine, stat?.comm);
  const subject = `${name} (pid ${pid})`;
  session.dotnetSeen(pid, commandLine, { expectAgent: false });
  const { runtime } = await describe(pid);
  try {
    if (!session.hasAgent(pid)) await session.loadAgent(pid);
  } catch (error) {
    throw CheckFailure.of('no-engine', `Loading the agent into ${subject}`, error);
  }
  const origin = needsOrigin ? originOf(pid, subject) : undefined;
  const end = new AbortController();
  const timer = setInterval(() => {
    if (isAlive(pid, stat?.startTime)) return;
    clearInterval(timer);
    session.processEnded(pid);
    end.abort(
      new CheckFailure('target-ended', {
        ...{ what: 'Doing the growth check', why: `${subject} ended while it was checked` },
        cure: 'let it run until the check has ended; a program that ends by itself cannot be measured',
      }),
    );
  }, LOOK_MS);
  timer.unref();
  return {
    ...{ pid, name, runtime, origin, ended: end.signal },
    [Symbol.asyncDispose]: async () => clearInterval(timer),
  };
}
