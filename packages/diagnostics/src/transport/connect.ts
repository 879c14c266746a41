import { type FileHandle, open } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { Connection } from './connection.ts';
import type { Deadline } from './deadline.ts';

/** sun_path holds 108 bytes, the last of them a NUL (unix(7)). */
export const MAXIMUM_SOCKET_PATH_BYTES = 107;

/** @throws DiagnosticsError `connection-failed` | `permission-denied` | `timeout` | `cancelled` */
export async function connectTo(path: string, deadline: Deadline): Promise<Connection> {
  deadline.throwIfOver();
  // libuv cuts a longer path silently and would connect to another file. Through the folder's descriptor every path is short.
  if (Buffer.byteLength(path) <= MAXIMUM_SOCKET_PATH_BYTES) return await connectShort(path, path, deadline);
  let folder: FileHandle;
  try {
    folder = await open(dirname(path));
  } catch (error) {
    throw connectFailure(error, path, deadline);
  }
  try {
    return await connectShort(`/proc/self/fd/${folder.fd}/${basename(path)}`, path, deadline);
  } finally {
    await folder.close();
  }
}

function connectShort(address: string, path: string, deadline: Deadline): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = createConnection({ path: address });
    const settle = () => {
      deadline.signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('connect', onConnect);
    };
    const onAbort = () => {
      settle();
      socket.on('error', () => {});
      socket.destroy();
      reject(deadline.error());
    };
    const onError = (error: Error) => {
      settle();
      socket.destroy();
      reject(connectFailure(error, path, deadline));
    };
    const onConnect = () => {
      settle();
      resolve(new Connection(socket));
    };
    deadline.signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('connect', onConnect);
  });
}

function connectFailure(error: unknown, path: string, deadline: Deadline): DiagnosticsError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'EACCES' || code === 'EPERM') {
    return new DiagnosticsError('permission-denied', {
      what: deadline.what,
      why: `the socket ${path} may not be opened (${code})`,
      cure: 'run as the user of the process, or as root',
      cause: error,
    });
  }
  const reason: Record<string, string> = {
    ENOENT: 'is not there any more',
    ECONNREFUSED: 'has nobody listening: it was left behind by a process that has ended',
    EAGAIN: 'has a full queue: the runtime does not answer',
  };
  return new DiagnosticsError('connection-failed', {
    what: deadline.what,
    why: `the socket ${path} ${reason[code] ?? `answered ${code}`}`,
    cause: error,
  });
}
