import { createServer, type Server, type Socket } from 'node:net';
import { isAbsolute } from 'node:path';
import { DiagnosticsClient } from '../client/client.ts';
import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { MAXIMUM_SOCKET_PATH_BYTES } from '../transport/connect.ts';
import { Connection } from '../transport/connection.ts';
import { Deadline } from '../transport/deadline.ts';
import type { CallOptions } from '../transport/options.ts';
import { ADVERTISE_BYTES, type Advertisement, decodeAdvertise } from './advertise.ts';
import { PortEndpoint } from './port-endpoint.ts';

/** A runtime sends its advertisement at once; who does not is no runtime. */
const ADVERTISE_TIMEOUT_MS = 5_000;
const DEFAULT_NEXT_TIMEOUT_MS = 30_000;

/** A runtime that connected to the port. */
export interface AdvertisedRuntime extends Advertisement {
  readonly client: DiagnosticsClient;
}

/**
 * A reverse diagnostic port: runtimes started with DOTNET_DiagnosticPorts connect to it, before their Main.
 *
 * Every child process inherits the variable, build servers included, and with "suspend" each of them stands still until
 * somebody resumes it: take runtimes (`for await`, or next()) for as long as the port is open and resume those not wanted.
 */
export class DiagnosticPort implements AsyncIterable<AdvertisedRuntime>, AsyncDisposable {
  readonly path: string;
  readonly #server: Server;
  readonly #endpoints = new Map<string, PortEndpoint>();
  readonly #sockets = new Set<Socket>();
  readonly #arrived: AdvertisedRuntime[] = [];
  readonly #waiting = new Set<() => void>();
  #closed = false;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    server.on('connection', (socket) => void this.#accept(socket));
  }

  /**
   * Opens the port. Use a folder of your own (0700): who may write to the socket may pose as a runtime.
   * @throws DiagnosticsError `port-failed` | `invalid-argument` (relative, longer than 107 bytes, with a comma or semicolon)
   */
  static listen(path: string): Promise<DiagnosticPort> {
    const what = `open the diagnostic port ${path}`;
    const problem = pathProblem(path);
    if (problem) return Promise.reject(new DiagnosticsError('invalid-argument', { what, why: problem }));
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', (cause) => reject(new DiagnosticsError('port-failed', { what, why: cause.message, cause })));
      server.listen(path, () => resolve(new DiagnosticPort(path, server)));
    });
  }

  /** Value of DOTNET_DiagnosticPorts. With "suspend" a runtime waits before Main for resume(). */
  environmentValue(mode: 'suspend' | 'nosuspend'): string {
    return `${this.path},connect,${mode}`;
  }

  /** The next runtime that has not been given out; 30 s unless said otherwise. */
  async next(options: CallOptions = {}): Promise<AdvertisedRuntime> {
    using deadline = new Deadline(`wait for a runtime at ${this.path}`, options, DEFAULT_NEXT_TIMEOUT_MS);
    for (;;) {
      const runtime = this.#arrived.shift();
      if (runtime) return runtime;
      if (this.#closed) throw new DiagnosticsError('port-failed', { what: deadline.what, why: 'the port was closed' });
      await this.#change(deadline.signal);
      if (this.#arrived.length === 0) deadline.throwIfOver();
    }
  }

  /** Every runtime once, until the port is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<AdvertisedRuntime, void, undefined> {
    for (;;) {
      const runtime = this.#arrived.shift();
      if (runtime) yield runtime;
      else if (this.#closed) return;
      else await this.#change(undefined);
    }
  }

  async #accept(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const connection = new Connection(socket);
    using deadline = new Deadline('read an advertisement', {}, ADVERTISE_TIMEOUT_MS);
    let advertisement: Advertisement;
    try {
      advertisement = decodeAdvertise(await connection.take(ADVERTISE_BYTES, deadline.signal));
    } catch {
      // Not a runtime, or one that died: nothing of it is of use to anybody.
      connection.close();
      return;
    }
    const known = this.#endpoints.get(advertisement.runtimeCookie);
    if (known) {
      known.offer(connection);
      return;
    }
    const endpoint = new PortEndpoint(advertisement.processId);
    this.#endpoints.set(advertisement.runtimeCookie, endpoint);
    endpoint.offer(connection);
    this.#arrived.push({ ...advertisement, client: new DiagnosticsClient(endpoint) });
    this.#notify();
  }

  #notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      if (signal?.aborted) wake();
      else signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Closes the port, its connections and its file. Runtimes that are still suspended stay so: resume them before. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const endpoint of this.#endpoints.values()) endpoint.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#notify();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function pathProblem(path: string): string | undefined {
  if (!isAbsolute(path)) return 'the path is not absolute';
  if (/[,;]/.test(path)) return 'a comma or semicolon has a meaning in DOTNET_DiagnosticPorts';
  const bytes = Buffer.byteLength(path);
  return bytes > MAXIMUM_SOCKET_PATH_BYTES
    ? `the path has ${bytes} bytes, a socket path holds ${MAXIMUM_SOCKET_PATH_BYTES}`
    : undefined;
}
