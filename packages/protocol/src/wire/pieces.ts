import type { Writable } from 'node:stream';
import * as timers from 'node:timers';
import { Disposable, type WriteableStreamMessageWriter } from 'vscode-jsonrpc/node';

/** As they were when this was loaded: tests replace the global ones. */
const { setTimeout, clearTimeout } = timers;
/** Long enough for a runner to go from one test to the next, too short for anybody to miss the message. */
const HOLD_MS = 10;
const NOTHING = Buffer.alloc(0);

type MessageStream = ConstructorParameters<typeof WriteableStreamMessageWriter>[0];

/** A stream as the library wants it: header and content come one after the other and leave as one piece. */
export class Pieces implements MessageStream {
  /** The content that comes next waits for the one behind it, for a moment. */
  holdNext = false;
  readonly #stream: Writable;
  #header: Uint8Array = NOTHING;
  #held: Uint8Array = NOTHING;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  onClose(listener: () => void): Disposable {
    return this.#on('close', listener);
  }

  onError(listener: (error: unknown) => void): Disposable {
    return this.#on('error', listener);
  }

  onEnd(listener: () => void): Disposable {
    return this.#on('end', listener);
  }

  end(): void {
    this.flush();
    this.#stream.end();
  }

  /** Resolves when the kernel has it, or when it waits. */
  write(data: string | Uint8Array, encoding?: string): Promise<void> {
    if (typeof data === 'string') {
      this.#header = Buffer.from(data, encoding as BufferEncoding);
      return Promise.resolve();
    }
    this.#held = Buffer.concat([this.#held, this.#header, data]);
    this.#header = NOTHING;
    if (!this.holdNext) return this.#send();
    this.#timer ??= setTimeout(() => this.flush(), HOLD_MS);
    return Promise.resolve();
  }

  /** What waits is written; its failure is the stream's. */
  flush(): void {
    this.#send().catch(() => {});
  }

  /** What waits is forgotten: nobody reads it any more. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = NOTHING;
  }

  #send(): Promise<void> {
    const piece = this.#held;
    this.drop();
    if (piece.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#stream.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: as Node's own listeners
  #on(event: 'close' | 'error' | 'end', listener: (...values: any[]) => void): Disposable {
    this.#stream.on(event, listener);
    return Disposable.create(() => this.#stream.off(event, listener));
  }
}
