import type { Socket } from 'node:net';
import * as timers from 'node:timers';
import { createMessageConnection, type MessageConnection, RAL, SocketMessageReader } from 'vscode-jsonrpc/node';
import { JoinedWriter } from './joined-writer.ts';
import { SizeLimit } from './size-limit.ts';

/** As they were when this was loaded: tests replace the global ones (fake timers), and a client lives in their process. */
const { setImmediate, clearImmediate } = timers;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, log: () => {} };

/**
 * JSON-RPC over a socket. What is no message of the protocol (a header that cannot be read, broken JSON, more than 64 MB) ends
 * the connection: after it nobody knows where the next message begins.
 */
export function openChannel(socket: Socket): MessageConnection {
  keepRealTimers();
  const limit = new SizeLimit();
  socket.on('data', (data: Buffer) => {
    if (!limit.allows(data)) socket.destroy();
  });
  const reader = new SocketMessageReader(socket);
  const connection = createMessageConnection(reader, new JoinedWriter(socket), SILENT);
  reader.onError(() => socket.destroy());
  socket.on('error', () => socket.destroy());
  return connection;
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
