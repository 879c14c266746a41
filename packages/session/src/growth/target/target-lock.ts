import { createServer, type Server } from 'node:net';
import { readStat } from '@firstchance/target';
import { CheckFailure } from '../run/check-failure.ts';

/** Checks of this process, by target: the next one begins when the one before has ended. */
const queues = new Map<string, Promise<void>>();

/**
 * One growth check at a time on one target: two would see each other's operations and stop it at the same time. A second one
 * of this process waits; one of another process is refused, because nobody knows how long that one takes.
 * @throws CheckFailure "busy"; the signal's reason when aborted while waiting
 */
export async function lockTarget(pid: number, subject: string, signal: AbortSignal): Promise<AsyncDisposable> {
  const key = `${pid}-${readStat(pid)?.startTime ?? 0}`;
  const before = queues.get(key) ?? Promise.resolve();
  let release: () => void = () => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = before.then(() => mine);
  queues.set(key, queue);
  const leave = () => {
    release();
    if (queues.get(key) === queue) queues.delete(key);
  };
  try {
    await abortable(before, signal);
    const server = await hold(key, subject);
    return {
      [Symbol.asyncDispose]: async () => {
        if (server) await new Promise((resolve) => server.close(resolve));
        leave();
      },
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/**
 * The name of an abstract socket (unix(7)) is free again the moment its owner ends, however it ends, and is in no folder.
 * Elsewhere than on Linux there are none, and no snapshots either.
 */
function hold(key: string, subject: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('listening', () => resolve(server.unref()));
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return resolve(undefined);
      reject(
        new CheckFailure('busy', {
          what: `Beginning a growth check of ${subject}`,
          why: 'another firstchance checks this process already',
          cure: 'wait for its end, or check another process',
        }),
      );
    });
    server.listen(`\0firstchance-check-${key}`);
  });
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
