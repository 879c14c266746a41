import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Session } from '@firstchance/session';
import { SERVER_SOCKET } from '../client/find-socket.ts';
import { ClientConnection } from './client-connection.ts';
import { Launches } from './launches.ts';
import type { Notifier } from './notifier.ts';
import type { ServeRequest } from './request.ts';
import type { Serving } from './serving.ts';

/** The socket on which a session answers its clients. Closing it ends their tests and checks. */
export class SessionServer implements Disposable {
  readonly #server: Server;
  readonly #clients = new Map<Socket, ClientConnection>();

  private constructor(serving: Serving) {
    this.#server = createServer((socket) => {
      const client = new ClientConnection(socket, serving);
      this.#clients.set(socket, client);
      void client.ended.then(() => this.#clients.delete(socket));
    });
  }

  /** @throws the system's error when the socket cannot be made */
  static async open(serving: Serving): Promise<SessionServer> {
    const opened = new SessionServer(serving);
    const path = join(serving.session.privateFolder.path, SERVER_SOCKET);
    await new Promise<void>((resolve, reject) => {
      opened.#server.once('error', reject);
      opened.#server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    });
    return opened;
  }

  /** Resolves when what clients have told until now was taken in: workers wait for no answer, and may be gone already. */
  async drained(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.drained()));
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#clients.keys()) socket.destroy();
  }
}

/**
 * Serves the session of a command that runs (`firstchance run`) to tests inside of it, which ask for growth checks. Nobody owns
 * the session but us.
 * @throws the system's error when the socket cannot be made
 */
export async function serveCommand(
  session: Session,
  request: Omit<ServeRequest, 'onReady' | 'ownerGone' | 'endReason'>,
  notifier: Notifier,
): Promise<AsyncDisposable> {
  const launches = new Launches(session, request);
  const refuse = () => Promise.reject(new Error('the command owns this session; it ends with the command'));
  const server = await SessionServer.open({
    ...{ request, session, launches, notifier, ownerPid: undefined, owned: () => {}, ended: () => {}, close: refuse },
  });
  return {
    [Symbol.asyncDispose]: async () => {
      server[Symbol.dispose]();
      await launches[Symbol.asyncDispose]();
    },
  };
}
