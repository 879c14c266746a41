import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, readCommandLine, readStat } from '@firstchance/target';
import type { SessionListener, SessionPorts } from '../ports.ts';
import { toProblem } from '../problems/problem.ts';
import { Session, type SessionEnd } from '../session.ts';
import type { SessionPlan } from '../session-plan.ts';
import { FinishSignals } from './finish-signals.ts';
import type { RunListener } from './run-command.ts';

export interface AttachRequest {
  readonly plan: SessionPlan;
  readonly ports: SessionPorts;
  readonly listener: SessionListener & RunListener;
  readonly pid: number;
}

const LOOK_MS = 100;

/**
 * Watches one running process until it ends, the number of captures is reached, or a signal comes. The process goes on
 * unharmed; the agent stays loaded in it, silent, because a runtime unloads a profiler under its own threads.
 */
export async function attachToProcess({ plan, ports, listener, pid }: AttachRequest): Promise<SessionEnd> {
  const session = await Session.open(plan, ports, listener);
  listener.onOpen?.(session);
  const startTime = readStat(pid)?.startTime;
  const stop = new AbortController();
  using _signals = stopSignals(() => stop.abort());
  using _deadline = deadlineTimer(session, pid);
  session.dotnetSeen(pid, readCommandLine(pid), { expectAgent: false });
  try {
    await session.attach(pid);
    while (isAlive(pid, startTime) && !stop.signal.aborted && !session.limitReached) await delay(LOOK_MS);
  } catch (error) {
    session.fail(toProblem(`could not attach to process ${pid}`, `process ${pid}`, error));
    return await session.close(0);
  }
  const gone = !isAlive(pid, startTime);
  if (gone) session.processEnded(pid);
  using finishing = new FinishSignals((signal) => listener.onInterrupt?.('finishing', signal));
  const ended = gone ? `process ${pid} has ended` : `process ${pid} goes on`;
  return await session.close(0, finishing.cancelled, ended);
}

function stopSignals(onSignal: () => void): Disposable {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

function deadlineTimer(session: Session, pid: number): Disposable {
  const { deadlineMs } = session.plan.options;
  if (deadlineMs === undefined) return { [Symbol.dispose]: () => {} };
  const detail = `the process still ran ${deadlineMs / 1000} s after firstchance attached`;
  const timer = setTimeout(() => void session.deadline({ kind: 'deadline', detail }, [pid]), deadlineMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
