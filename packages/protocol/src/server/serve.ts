import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { aborted, commandEnvironment, Session, type SessionEnd } from '@firstchance/session';
import { ProcessTree } from '@firstchance/target';
import { SERVER_SOCKET } from '../client/find-socket.ts';
import type { SessionEndInfo } from '../wire/values.ts';
import { ClientConnection } from './client-connection.ts';
import { Launches } from './launches.ts';
import { Notifier } from './notifier.ts';
import type { ServeRequest } from './request.ts';
import type { Serving } from './serving.ts';

/**
 * Serves one session to a test runner: until its owner is gone and the last capture is written. Programs that were launched end
 * with it. @throws the system's error when the socket cannot be made
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
  const sockets = new Set<Socket>();
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
      tree ??= watch(session, pid);
    },
    ended: (connection) => {
      if (connection.owner) over.abort();
    },
    close: async (): Promise<SessionEndInfo> => {
      tree?.look();
      const end = await session.close(0, undefined, 'the tests have ended');
      const { verdict, captures, checks, problems } = end.record;
      const { exitCode, reason } = end;
      const targets = session.targets.seen;
      const counts = { captures, checks, problems, targets, testsTold: session.testsKnown };
      return { exitCode, reason, verdict, ...counts, text: request.texts.end(end, targets) };
    },
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new ClientConnection(socket, serving);
  });
  await listen(server, join(session.privateFolder.path, SERVER_SOCKET));
  try {
    request.onReady({ folder: session.plan.folder, environment: await environmentOf(request, session) });
    await aborted(gone);
  } finally {
    server.close();
    // Their tests have ended, their checks too.
    for (const socket of sockets) socket.destroy();
    tree?.look();
    await launches[Symbol.asyncDispose]();
    tree?.[Symbol.dispose]();
  }
  return await session.close(0, undefined, request.endReason);
}

/** Whatever of .NET the runner and its workers start, asked for or not. */
function watch(session: Session, ownerPid: number): ProcessTree {
  const tree = new ProcessTree(ownerPid, {
    onDotnet: (process) => session.dotnetSeen(process.stat.pid, process.commandLine),
    onEnded: ({ stat }) => session.processEnded(stat.pid),
  });
  tree.look();
  return tree;
}

/** What differs from our own environment: the runner sets it for its workers and what they start. */
async function environmentOf(request: ServeRequest, session: Session): Promise<Record<string, string>> {
  const { plan, environment, logFile } = request;
  // The runner may start anything, builds too.
  const command = ['node'];
  const full = await commandEnvironment(
    { plan: { ...plan, command }, environment, ...(logFile === undefined ? {} : { logFile }) },
    session,
  );
  return Object.fromEntries(
    Object.entries(full).flatMap(([name, value]) =>
      value === undefined || value === environment[name] ? [] : [[name, value]],
    ),
  );
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}
