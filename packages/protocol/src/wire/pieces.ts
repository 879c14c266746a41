import type { Writable } from 'node:stream';
import { Disposable, type WriteableStreamMessageWriter } from 'vscode-jsonrpc/node';

const NOTHING = Buffer.alloc(0);

type MessageStream = ConstructorParameters<typeof WriteableStreamMessageWriter>[0];

/** A stream as the library wants it: header and content come one after the other and leave as one piece. */
export class Pieces implements MessageStream {
  readonly #stream: Writable;
  #header: Uint8Array = NOTHING;

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
    this.#stream.end();
  }

  /** Resolves when the kernel has it. */
  write(data: string | Uint8Array, encoding?: string): Promise<void> {
    if (typeof data === 'string') {
      this.#header = Buffer.from(data, encoding as BufferEncoding);
      return Promise.resolve();
    }
    const piece = Buffer.concat([this.#header, data]);
    this.#header = NOTHING;
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
