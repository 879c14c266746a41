import { EventEmitter } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { conforms } from '@firstchance/model';
import { Message, type MessageConnection } from 'vscode-jsonrpc/node';
import { type Channel, openChannel } from '../wire/channel.ts';
import { fromResponseError, invalidParams } from '../wire/failure.ts';
import {
  OPERATION_RUN,
  type OperationDone,
  type ParamsOf,
  PROTOCOL,
  REQUESTS,
  type RequestName,
  type ResultOf,
} from '../wire/requests.ts';
import { NOTIFICATIONS, type NotificationName, type NotificationOf } from '../wire/values.ts';
import { SessionError } from './errors.ts';
import { findSocket } from './find-socket.ts';

export interface ConnectOptions {
  /** Session folder; default FIRSTCHANCE_SESSION. */
  readonly folder?: string | undefined;
  readonly role?: 'owner' | 'worker';
  readonly runner: string;
  readonly version?: string;
}

/** Does `count` operations, one after the other; a failure is a value. */
export type OperationRunner = (count: number) => Promise<OperationDone>;

/**
 * A connection to the session's server. An idle one does not keep the process alive. Requests reject with FirstchanceError
 * (what, why, cure); after the connection has ended, with SessionError `disconnected`.
 */
export class SessionClient implements AsyncDisposable {
  readonly folder: string;
  /** For the owner: what had gone wrong before it connected, in words. */
  problems: readonly string[] = [];
  /** Memory is read after each test: the session must have read what was there before a test goes on. */
  ledger = false;
  /** A test that passed may have captures that its client has not heard of. */
  atThrow = true;
  readonly #socket: Socket;
  readonly #connection: MessageConnection;
  readonly #flush: () => void;
  readonly #events = new EventEmitter();
  readonly #operations = new Map<string, OperationRunner>();
  #pending = 0;
  #closed = false;

  private constructor(socket: Socket, { connection, flush }: Channel, folder: string) {
    this.#socket = socket;
    this.#connection = connection;
    this.#flush = flush;
    this.folder = folder;
    this.#events.setMaxListeners(0);
  }

  /** @throws SessionError `no-session`, `disconnected` */
  static async connect(options: ConnectOptions): Promise<SessionClient> {
    const { folder = process.env.FIRSTCHANCE_SESSION, role = 'worker', runner, version = '' } = options;
    const socket = await open(findSocket(folder));
    const client = new SessionClient(socket, openChannel(socket, isEndOfTest), folder ?? '');
    client.#listen();
    const hello = await client.request('session/hello', {
      ...{ protocol: PROTOCOL, role, pid: process.pid, mainThread: isMainThread, runner, version },
    });
    client.problems = hello.problems;
    client.ledger = hello.ledger;
    client.atThrow = hello.atThrow;
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  async request<N extends RequestName>(method: N, params: ParamsOf<N>): Promise<ResultOf<N>> {
    if (this.#closed) throw disconnected(method);
    if (this.#pending++ === 0) this.#socket.ref();
    try {
      const answer = await this.#connection.sendRequest<unknown>(method, params);
      const checked = conforms<ResultOf<N>>(REQUESTS[method].result as never, answer);
      if (!checked.ok) throw invalidParams(method, `the answer was not understood: ${checked.problem}`);
      return checked.value;
    } catch (error) {
      if (this.#closed) throw disconnected(method);
      throw fromResponseError(method, error);
    } finally {
      if (--this.#pending === 0) this.#socket.unref();
    }
  }

  /** A request to which no answer is wanted. Resolves when the kernel has it, or when it waits for the next one. @throws SessionError `disconnected` */
  async tell<N extends RequestName>(method: N, params: ParamsOf<N>): Promise<void> {
    if (this.#closed) throw disconnected(method);
    await this.#connection.sendNotification(method, params);
  }

  on<N extends NotificationName>(name: N, listener: (value: NotificationOf<N>) => void): Disposable {
    this.#events.on(name, listener);
    return { [Symbol.dispose]: () => this.#events.off(name, listener) };
  }

  /** Called once when the connection ends. */
  onClosed(listener: () => void): void {
    if (this.#closed) listener();
    else this.#events.once('closed', listener);
  }

  /** Who does the operations of a check, until disposed. */
  runOperations(checkId: string, run: OperationRunner): Disposable {
    this.#operations.set(checkId, run);
    return { [Symbol.dispose]: () => this.#operations.delete(checkId) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    const gone = new Promise<void>((resolve) => this.onClosed(resolve));
    this.#socket.ref();
    this.#flush();
    this.#socket.end();
    await gone;
  }

  #listen(): void {
    for (const name of Object.keys(NOTIFICATIONS) as NotificationName[]) {
      this.#connection.onNotification(name, (params: unknown) => {
        const checked = conforms(NOTIFICATIONS[name] as never, params);
        if (checked.ok) this.#events.emit(name, checked.value);
      });
    }
    this.#connection.onRequest(OPERATION_RUN.method, async (params: unknown) => {
      const checked = conforms(OPERATION_RUN.params, params);
      if (!checked.ok) throw invalidParams(OPERATION_RUN.method, checked.problem);
      const run = this.#operations.get(checked.value.checkId);
      if (!run) throw invalidParams(OPERATION_RUN.method, 'this check is over');
      return await run(checked.value.count);
    });
    process.once('exit', this.#flush);
    this.#socket.once('close', () => {
      this.#closed = true;
      process.off('exit', this.#flush);
      // Rejects what is still waited for.
      this.#connection.dispose();
      this.#events.emit('closed');
    });
    this.#connection.listen();
    this.#socket.unref();
  }
}

/** @throws SessionError `no-session` when there is none, `disconnected` when it does not answer */
export function connectSession(options: ConnectOptions): Promise<SessionClient> {
  return SessionClient.connect(options);
}

/**
 * That a test has ended is told with the beginning of the next one: each write wakes the server, for which the test pays. Who
 * blocks this process in between is still captured: later than the test's limit, and for the test that was the last.
 */
function isEndOfTest(message: Message): boolean {
  return Message.isNotification(message) && message.method === ('test/end' satisfies RequestName);
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (cause) =>
      reject(
        new SessionError(
          { code: 'disconnected', what: 'Connecting to the firstchance session', why: cause.message },
          { cause },
        ),
      ),
    );
  });
}

function disconnected(method: string): SessionError {
  return new SessionError({
    ...{ code: 'disconnected', what: `The request ${method}`, why: 'the session has ended' },
    cure: 'look at its manifest for why',
  });
}
