import type { Socket } from 'node:net';

/** The peer closed, or the connection broke, before everything asked for had come. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
}

/** The waiting was ended by the signal given. */
export class WaitAborted extends Error {
  override readonly name = 'WaitAborted';
}

/** One connected socket, read by exact amounts or as chunks; what is not asked for stays in the kernel's buffer. */
export class Connection implements AsyncDisposable {
  readonly #socket: Socket;
  #failure: Error | undefined;
  #ended = false;
  readonly #waiters = new Set<() => void>();
  readonly #kept: Uint8Array[] = [];
  #keeping = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('readable', this.#notify);
    socket.on('end', () => {
      this.#ended = true;
      this.#notify();
    });
    socket.on('error', (error) => {
      this.#failure = error;
      this.#notify();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#notify();
    });
  }

  readonly #notify = () => {
    if (this.#keeping) this.#keepAll();
    // A stream tells its end only to who reads: an idle connection would never learn that its peer has gone.
    else if (this.#socket.readableLength === 0) this.#socket.read();
    for (const wake of [...this.#waiters]) wake();
  };

  #keepAll(): void {
    for (let chunk: Buffer | null = this.#socket.read(); chunk; chunk = this.#socket.read()) this.#kept.push(chunk);
  }

  get isClosed(): boolean {
    return this.#ended || this.#socket.destroyed;
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** @throws ConnectionClosed | WaitAborted */
  async take(count: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (count === 0) return new Uint8Array(0);
    for (;;) {
      const chunk: Buffer | null = this.#socket.read(count);
      if (chunk?.length === count) return chunk;
      // A shorter chunk is all there was before the end.
      if (chunk) throw this.#closed(`${chunk.length} of ${count} bytes came`);
      if (this.isClosed || this.#failure) throw this.#closed('nothing more came');
      await this.#change(signal);
    }
  }

  /** Resolves when something lies ready to be read, or nothing more will come. @throws WaitAborted */
  async readable(signal?: AbortSignal): Promise<void> {
    while (this.#kept.length === 0 && this.#socket.readableLength === 0 && !this.isClosed && !this.#failure) {
      await this.#change(signal);
    }
  }

  /** Whatever comes, until the peer closes. @throws WaitAborted, or ConnectionClosed when the connection breaks */
  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk: Uint8Array | null = this.#kept.shift() ?? this.#socket.read();
      if (chunk) yield chunk;
      else if (this.#failure) throw this.#closed('the connection broke');
      else if (this.isClosed) return;
      else await this.#change(signal);
    }
  }

  /**
   * From now on takes everything that comes into memory, for chunks() to give out: a peer that must get rid of its data
   * before it answers elsewhere is not held up by a reader that pauses.
   */
  keepReading(): void {
    this.#keeping = true;
    this.#keepAll();
  }

  /** Resolves when the peer has closed. Data that was not read is thrown away. */
  async drain(signal?: AbortSignal): Promise<void> {
    this.keepReading();
    for (;;) {
      this.#kept.length = 0;
      if (this.isClosed || this.#failure) return;
      await this.#change(signal);
    }
  }

  #closed(text: string): ConnectionClosed {
    return new ConnectionClosed(text, this.#failure === undefined ? undefined : { cause: this.#failure });
  }

  /** Waits for data, the end, or a failure. */
  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#waiters.delete(wake);
        signal?.removeEventListener('abort', onAbort);
      };
      const wake = () => {
        done();
        resolve();
      };
      const onAbort = () => {
        done();
        reject(new WaitAborted('aborted'));
      };
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(wake);
    });
  }

  /** Ends the connection at once. */
  close(): void {
    this.#socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
