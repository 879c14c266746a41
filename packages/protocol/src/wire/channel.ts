import type { Socket } from 'node:net';
import * as timers from 'node:timers';
import {
  createMessageConnection,
  Message,
  type MessageConnection,
  RAL,
  SocketMessageReader,
} from 'vscode-jsonrpc/node';
import { JoinedWriter } from './joined-writer.ts';
import { SizeLimit } from './size-limit.ts';

/** As they were when this was loaded: tests replace the global ones (fake timers), and a client lives in their process. */
const { setImmediate, clearImmediate } = timers;
/** Turns of the event loop in which no message is handed on. */
const STILL_TURNS = 50;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, log: () => {} };

export interface Channel {
  readonly connection: MessageConnection;
  /** Resolves when every message that has come was handed on; also after the end of the socket. */
  drained(): Promise<void>;
}

/**
 * JSON-RPC over a socket. What is no message of the protocol (a header that cannot be read, broken JSON, more than 64 MB) ends
 * the connection: after it nobody knows where the next message begins.
 * @param onMessage is called when a request or a notification is about to be handled
 */
export function openChannel(socket: Socket, onMessage: () => void = () => {}): Channel {
  keepRealTimers();
  const limit = new SizeLimit();
  socket.on('data', (data: Buffer) => {
    if (!limit.allows(data)) socket.destroy();
  });
  const reader = new SocketMessageReader(socket);
  const writer = new JoinedWriter(socket);
  let handled = 0;
  const connection = createMessageConnection(reader, writer, SILENT, {
    messageStrategy: {
      handleMessage: (message, next) => {
        handled += 1;
        if (!Message.isResponse(message)) onMessage();
        next(message);
      },
    },
  });
  reader.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  // Messages are decoded, and handed on, one per turn of the event loop; what waits is forgotten with the connection. One that
  // cancels is handed on by another way, and a broken one not at all: then nothing moves any more.
  const drained = async () => {
    let still = 0;
    do {
      const before = handled;
      await new Promise<void>((resolve) => setImmediate(resolve));
      still = handled > before ? 0 : still + 1;
    } while (handled < limit.messages && still < STILL_TURNS);
  };
  return { connection, drained };
}

/** The library looks its timers up in one place, at each call. */
function keepRealTimers(): void {
  const ral = RAL();
  if (ral.timer.setImmediate === immediate) return;
  RAL.install({ ...ral, timer: { ...ral.timer, setImmediate: immediate } });
}

function immediate(callback: (...args: unknown[]) => void, ...args: unknown[]): { dispose(): void } {
  const handle = setImmediate(callback, ...args);
  return { dispose: () => clearImmediate(handle) };
}
