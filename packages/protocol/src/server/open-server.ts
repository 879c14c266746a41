import type { Socket } from 'node:net';
import type { Session } from '@firstchance/session';
import { ClientConnection } from './client-connection.ts';
import { Door } from './door.ts';
import { Launches } from './launches.ts';
import type { Notifier } from './notifier.ts';
import type { Serving } from './serving.ts';

/** A session answers its clients. Closing it ends their tests and checks. */
export class SessionServer implements Disposable {
  readonly #door: Door;
  readonly #clients = new Map<Socket, ClientConnection>();

  constructor(serving: Serving, door: Door) {
    this.#door = door;
    door.admit((socket) => {
      const client = new ClientConnection(socket, serving);
      this.#clients.set(socket, client);
      void client.ended.then(() => this.#clients.delete(socket));
    });
  }

  /** Resolves when what clients have told until now was taken in: workers wait for no answer, and may be gone already. */
  async drained(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.drained()));
  }

  [Symbol.dispose](): void {
    this.#door[Symbol.dispose]();
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
  request: Serving['request'],
  notifier: Notifier,
): Promise<AsyncDisposable> {
  const launches = new Launches(session, request);
  const refuse = () => Promise.reject(new Error('the command owns this session; it ends with the command'));
  const door = await Door.open(session.privateFolder.path);
  const serving = { ownerPid: undefined, owned: () => {}, ended: () => {}, close: refuse };
  const server = new SessionServer({ ...{ request, session, launches, notifier }, ...serving }, door);
  return {
    [Symbol.asyncDispose]: async () => {
      server[Symbol.dispose]();
      await launches[Symbol.asyncDispose]();
    },
  };
}
