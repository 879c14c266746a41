import { DiagnosticsError } from '../error/diagnostics-error.ts';
import { NettraceReader } from '../nettrace/nettrace-reader.ts';
import type { TraceEvent } from '../nettrace/types.ts';
import { type Connection, ConnectionClosed, WaitAborted } from '../transport/connection.ts';
import { Deadline } from '../transport/deadline.ts';
import type { Endpoint } from '../transport/endpoint.ts';
import { DEFAULT_TIMEOUT_MS, exchange, exchangeFailure, send } from '../transport/exchange.ts';
import type { CallOptions } from '../transport/options.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { COMMANDS } from '../wire/commands.ts';
import { collectAttempts } from './collect-commands.ts';
import type { EventPipeRequest } from './types.ts';

interface Started {
  readonly id: bigint;
  readonly command: string;
  readonly connection: Connection;
}

/**
 * Events of one runtime as they come, about every 100 ms. Iterate it once, either as events or (`bytes()`) as the raw
 * nettrace stream. After stop() go on reading until the iteration ends: rundown comes last. Leaving `await using` stops,
 * throws the rest away and closes.
 */
export class EventPipeSession implements AsyncIterable<TraceEvent>, AsyncDisposable {
  readonly id: bigint;
  /** The form of the command the runtime took: "CollectTracing5". */
  readonly command: string;
  readonly #endpoint: Endpoint;
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  #reader: NettraceReader | undefined;
  #taken = false;
  #stopped = false;

  private constructor(endpoint: Endpoint, { id, command, connection }: Started, signal: AbortSignal | undefined) {
    this.id = id;
    this.command = command;
    this.#endpoint = endpoint;
    this.#connection = connection;
    this.#signal = signal;
  }

  /** `request.signal` also ends the reading of events; `timeoutMs` bounds the start only. */
  static async start(endpoint: Endpoint, request: EventPipeRequest): Promise<EventPipeSession> {
    const what = `start an event session in ${endpoint.name}`;
    using deadline = new Deadline(what, request, DEFAULT_TIMEOUT_MS);
    let last: unknown;
    for (const attempt of collectAttempts(request)) {
      try {
        const { connection, payload } = await send(endpoint, { ...attempt, what }, deadline);
        const started = { id: payload.u64(), command: attempt.command.name, connection };
        return new EventPipeSession(endpoint, started, request.signal);
      } catch (error) {
        if (!(error instanceof DiagnosticsError && error.code === 'unknown-command')) {
          throw await exchangeFailure(error, endpoint, deadline);
        }
        last = error;
      }
    }
    throw last;
  }

  /** What the reader knows so far: head, gaps, whether the stream came to its proper end. Undefined before iterating. */
  get trace(): NettraceReader | undefined {
    return this.#reader;
  }

  /**
   * Resolves when the head of the stream has come. Until then a process that ends takes its events with it: the runtime answers
   * the start before its thread that sends has begun. A runtime suspended at its start begins only after resume().
   * @throws DiagnosticsError `timeout` | `cancelled`
   */
  async begun(options: CallOptions = {}): Promise<void> {
    using deadline = new Deadline(`see ${this.#endpoint.name} begin to send events`, options, DEFAULT_TIMEOUT_MS);
    try {
      await this.#connection.readable(deadline.signal);
    } catch (error) {
      throw error instanceof WaitAborted ? deadline.error() : error;
    }
  }

  /** The raw stream: written to a file it is a .nettrace file. */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#taken) throw new Error('an EventPipeSession can be read once');
    this.#taken = true;
    try {
      yield* this.#connection.chunks(this.#signal);
    } catch (error) {
      const what = `read events of ${this.#endpoint.name}`;
      if (error instanceof WaitAborted) {
        throw new DiagnosticsError('cancelled', { what, why: 'it was cancelled', cause: this.#signal?.reason });
      }
      if (error instanceof ConnectionClosed) {
        throw new DiagnosticsError('connection-closed', { what, why: error.message, cause: error });
      }
      throw error;
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<TraceEvent> {
    this.#reader = new NettraceReader(this.bytes());
    return this.#reader[Symbol.asyncIterator]();
  }

  /**
   * Asks the runtime to end the session; it answers when all is sent. The iteration ends when the rest has been read.
   * May be awaited inside the iteration: what comes meanwhile is kept in memory.
   */
  async stop(options: CallOptions = {}): Promise<void> {
    if (this.#stopped || this.#connection.isClosed) return;
    this.#stopped = true;
    // A runtime whose stream nobody reads cannot finish the session and never answers.
    this.#connection.keepReading();
    const what = `stop the event session of ${this.#endpoint.name}`;
    const payload = new ByteWriter().u64(this.id).finish();
    try {
      await exchange(this.#endpoint, { command: COMMANDS.stopTracing, payload, what, options }, () => {});
    } catch (error) {
      // A process that has ended has ended its sessions.
      if (!(error instanceof DiagnosticsError && error.code === 'process-not-found')) throw error;
    }
  }

  /** Stops the session, throws the rest away, closes. Bounded in time; a runtime that does not answer is left alone. */
  async [Symbol.asyncDispose](): Promise<void> {
    using deadline = new Deadline('end an event session', {}, DEFAULT_TIMEOUT_MS);
    try {
      // Both at once: StopTracing is answered only after the stream was flushed.
      await Promise.all([this.stop({ signal: deadline.signal }), this.#connection.drain(deadline.signal)]);
    } catch {
      // Closing the connection ends the session too: the runtime finds out at its next write.
    } finally {
      this.#connection.close();
    }
  }
}
