import { EventEmitter } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { OPERATION_RUN, OperationDone, ParamsOf, RequestName, ResultOf } from '../wire/requests.ts';
import type { NotificationName, NotificationOf } from '../wire/values.ts';
import { PROTOCOL } from '../wire/version.ts';
import { SessionError } from './errors.ts';
import { fromRpcError } from './failure.ts';
import { findSocket } from './find-socket.ts';
import { Rpc } from './rpc.ts';
import { TestJournal } from './test-journal.ts';

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
 * (what, why, cure); after the connection has ended, with SessionError `disconnected`. What the server says is taken as it is: it
 * is of our version, or has refused us.
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
  readonly #rpc: Rpc;
  readonly #events = new EventEmitter();
  readonly #operations = new Map<string, OperationRunner>();
  #journal: TestJournal | undefined;
  #pending = 0;
  #closed = false;

  private constructor(socket: Socket, folder: string) {
    this.#socket = socket;
    this.#rpc = new Rpc(socket, {
      notification: (method, params) => void this.#events.emit(method, params),
      request: (method, params) => this.#asked(method, params as { checkId: string; count: number }),
    });
    this.folder = folder;
    this.#events.setMaxListeners(0);
  }

  /** @throws SessionError `no-session`, `disconnected` */
  static async connect(options: ConnectOptions): Promise<SessionClient> {
    const { folder = process.env.FIRSTCHANCE_SESSION, role = 'worker', runner, version = '' } = options;
    const path = findSocket(folder);
    const socket = await open(path);
    const client = new SessionClient(socket, folder ?? '');
    client.#listen();
    try {
      await client.#greet({ role, runner, version }, role === 'worker' ? TestJournal.open(dirname(path)) : undefined);
      return client;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async #greet(
    who: Pick<ParamsOf<'session/hello'>, 'role' | 'runner' | 'version'>,
    journal?: TestJournal,
  ): Promise<void> {
    this.#journal = journal;
    const hello = await this.request('session/hello', {
      ...{ protocol: PROTOCOL, pid: process.pid, mainThread: isMainThread, ...who },
      ...(journal ? { journal: journal.name } : {}),
    });
    this.problems = hello.problems;
    this.ledger = hello.ledger;
    this.atThrow = hello.atThrow;
    if (hello.journal) return;
    this.#journal = undefined;
    journal?.[Symbol.dispose]();
  }

  get closed(): boolean {
    return this.#closed;
  }

  async request<N extends RequestName>(method: N, params: ParamsOf<N>): Promise<ResultOf<N>> {
    if (this.#closed) throw disconnected(method);
    if (this.#pending++ === 0) this.#socket.ref();
    try {
      return (await this.#rpc.request(method, params)) as ResultOf<N>;
    } catch (error) {
      if (this.#closed) throw disconnected(method);
      throw fromRpcError(method, error);
    } finally {
      if (--this.#pending === 0) this.#socket.unref();
    }
  }

  /**
   * A request to which no answer is wanted. Resolves when the kernel has it. @throws SessionError `disconnected`
   */
  async tell<N extends RequestName>(method: N, params: ParamsOf<N>): Promise<void> {
    if (this.#closed) throw disconnected(method);
    await this.#rpc.notify(method, params);
  }

  /** The same for what the server need not hear of at once: it looks before it ties anything to a test. */
  async note<N extends 'test/begin' | 'test/end'>(method: N, params: ParamsOf<N>): Promise<void> {
    const entry = { method, params } as Parameters<TestJournal['tell']>[0];
    if (this.#closed || !this.#journal?.tell(entry, this.#rpc.sent)) await this.tell(method, params);
  }

  on<N extends NotificationName>(name: N, listener: (value: NotificationOf<N>) => void): Disposable {
    this.#events.on(name, listener);
    return { [Symbol.dispose]: () => this.#events.off(name, listener) };
  }

  /** Called once when the connection ends. */
  onClosed(listener: () => void): Disposable {
    if (this.#closed) listener();
    else this.#events.once('closed', listener);
    return { [Symbol.dispose]: () => this.#events.off('closed', listener) };
  }

  /** Who does the operations of a check, until disposed. */
  runOperations(checkId: string, run: OperationRunner): Disposable {
    this.#operations.set(checkId, run);
    return { [Symbol.dispose]: () => this.#operations.delete(checkId) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    const gone = new Promise<void>((resolve) => void this.onClosed(resolve));
    this.#socket.ref();
    this.#socket.end();
    await gone;
  }

  /** The server asks for operations of a check. */
  async #asked(method: string, { checkId, count }: { checkId: string; count: number }): Promise<OperationDone> {
    if (method !== ('operation/run' satisfies typeof OPERATION_RUN.method))
      throw new Error(`there is no ${method} here`);
    const run = this.#operations.get(checkId);
    if (!run) throw new Error(`${method}: this check is over`);
    return await run(count);
  }

  #listen(): void {
    this.#socket.once('close', () => {
      this.#closed = true;
      // Rejects what is still waited for.
      this.#rpc.end();
      this.#journal?.[Symbol.dispose]();
      this.#events.emit('closed');
    });
    this.#socket.unref();
  }
}

/** @throws SessionError `no-session` when there is none, `disconnected` when it does not answer */
export function connectSession(options: ConnectOptions): Promise<SessionClient> {
  return SessionClient.connect(options);
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
