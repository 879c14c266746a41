import { aborted, Session, type SessionEnd } from '@firstchance/session';
import { ProcessTree } from '@firstchance/target';
import type { SessionEndInfo } from '../wire/values.ts';
import { Launches } from './launches.ts';
import { Notifier } from './notifier.ts';
import { SessionServer } from './open-server.ts';
import type { ServeRequest } from './request.ts';
import type { Serving } from './serving.ts';

/**
 * Serves one session, announced before, to a test runner: until its owner is gone and the last capture is written. Programs that
 * were launched end with it.
 */
export async function serve(request: ServeRequest): Promise<SessionEnd> {
  const { plan, ports, texts } = request;
  const notifier = new Notifier(plan.folder, texts);
  const session = await Session.open(plan, ports, notifier);
  try {
    return await serveSession(request, session, notifier);
  } finally {
    await session.close();
  }
}

async function serveSession(request: ServeRequest, session: Session, notifier: Notifier): Promise<SessionEnd> {
  const launches = new Launches(session, request);
  const over = new AbortController();
  const gone = AbortSignal.any([request.ownerGone, over.signal]);
  let tree: ProcessTree | undefined;
  let ownerPid: number | undefined;
  const serving: Serving = {
    ...{ request, session, launches, notifier },
    get ownerPid() {
      return ownerPid;
    },
    owned: (pid) => {
      ownerPid ??= pid;
      tree ??= watch(session, launches, pid);
    },
    ended: (connection) => {
      if (connection.owner) over.abort();
    },
    close: async (): Promise<SessionEndInfo> => {
      await server.drained();
      tree?.look();
      const end = await session.close(0, undefined, 'the tests have ended');
      const { verdict, captures, checks, problems } = end.record;
      const { exitCode, reason } = end;
      const targets = session.targets.seen;
      const counts = { captures, checks, problems, targets, testsTold: session.testsKnown };
      return { exitCode, reason, verdict, ...counts, text: request.texts.end(end, targets, notifier.ledger) };
    },
  };
  const server = new SessionServer(serving, request.door);
  try {
    request.onOpen?.();
    await aborted(gone);
    await server.drained();
  } finally {
    server[Symbol.dispose]();
    tree?.look();
    await launches[Symbol.asyncDispose]();
    tree?.[Symbol.dispose]();
  }
  return await session.close(0, undefined, request.endReason);
}

/** Whatever of .NET the runner and its workers start, asked for or not. */
function watch(session: Session, launches: Launches, ownerPid: number): ProcessTree {
  const tree = new ProcessTree(ownerPid, {
    onDotnet: (process) => session.dotnetSeen(process.stat.pid, process.commandLine),
    // The end of what we launched is told with its exit code.
    onEnded: ({ stat }) => {
      if (!launches.has(stat.pid)) session.processEnded(stat.pid);
    },
  });
  tree.look();
  return tree;
}
