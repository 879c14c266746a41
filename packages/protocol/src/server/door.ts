import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { SERVER_SOCKET } from '../client/find-socket.ts';

/**
 * The server's socket, open before the session is: who connects waits until somebody admits them. So a runner can start its
 * workers while the session still starts.
 */
export class Door implements Disposable {
  readonly #server: Server;
  readonly #waiting = new Set<Socket>();
  #admit: ((socket: Socket) => void) | undefined;

  private constructor() {
    this.#server = createServer((socket) => {
      if (this.#admit) return this.#admit(socket);
      // Nobody reads yet: what they send stays in the kernel's buffer, and so does their end.
      socket.on('error', () => {});
      this.#waiting.add(socket);
    });
  }

  /** @param privateFolder where clients look for the socket. @throws the system's error when it cannot be made */
  static async open(privateFolder: string): Promise<Door> {
    const door = new Door();
    const path = join(privateFolder, SERVER_SOCKET);
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    });
    return door;
  }

  /** Lets in who waits, and from now on everybody at once. */
  admit(client: (socket: Socket) => void): void {
    this.#admit = client;
    for (const socket of this.#waiting) if (!socket.destroyed) client(socket);
    this.#waiting.clear();
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#waiting) socket.destroy();
    this.#waiting.clear();
  }
}
