import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { TemporaryFolder } from './temporary-folder.ts';

export interface ReceivedCommand {
  /** Command set and id, as "0x0403". */
  readonly command: string;
  readonly payload: Buffer;
}

export type Answer = (received: ReceivedCommand, socket: Socket) => void;

/** A socket that answers as a test wants it: for runtimes that are older, slower or madder than those at hand. */
export class FakeRuntime implements AsyncDisposable {
  readonly received: ReceivedCommand[] = [];
  readonly path: string;
  readonly #folder: TemporaryFolder;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(folder: TemporaryFolder, server: Server) {
    this.#folder = folder;
    this.#server = server;
    this.path = folder.file('runtime');
  }

  static async listen(answer: Answer): Promise<FakeRuntime> {
    const server = createServer();
    const fake = new FakeRuntime(await TemporaryFolder.create(), server);
    server.on('connection', (socket) => {
      fake.#sockets.add(socket);
      socket.on('error', () => {});
      let bytes = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length < 20 || bytes.length < bytes.readUInt16LE(14)) return;
        const command = `0x${bytes.subarray(16, 18).toString('hex')}`;
        const received = { command, payload: bytes.subarray(20, bytes.readUInt16LE(14)) };
        bytes = Buffer.alloc(0);
        fake.received.push(received);
        answer(received, socket);
      });
    });
    server.listen(fake.path);
    await once(server, 'listening');
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#folder[Symbol.asyncDispose]();
  }
}

export function reply(id: 'ok' | 'error', payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(20);
  head.write('DOTNET_IPC_V1\0', 'latin1');
  head.writeUInt16LE(20 + payload.length, 14);
  head.writeUInt8(0xff, 16);
  head.writeUInt8(id === 'ok' ? 0 : 0xff, 17);
  return Buffer.concat([head, payload]);
}

export function hresult(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export const unknownCommand = () => reply('error', hresult(0x80131385));
