import type { Writable } from 'node:stream';
import { Disposable, WriteableStreamMessageWriter } from 'vscode-jsonrpc/node';

type MessageStream = ConstructorParameters<typeof WriteableStreamMessageWriter>[0];

/**
 * Writes the header and the content of a message in one piece. The library writes the one, waits, and writes the other: the
 * reader would be woken twice for each message, and tests wait for these messages.
 */
export class JoinedWriter extends WriteableStreamMessageWriter {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    super(joining(stream));
    this.#stream = stream;
  }

  /** What is written after the end is dropped: it has no reader, and who waits for an answer is told of the end. */
  override async write(message: Parameters<WriteableStreamMessageWriter['write']>[0]): Promise<void> {
    const over = () => this.#stream.writableEnded || this.#stream.destroyed;
    if (over()) return;
    try {
      await super.write(message);
    } catch (error) {
      if (!over()) throw error;
    }
  }

  override dispose(): void {
    super.dispose();
    this.#stream.destroy();
  }
}

function joining(stream: Writable): MessageStream {
  const on = (
    event: 'close' | 'error' | 'end', // biome-ignore lint/suspicious/noExplicitAny: as Node's own listeners
    listener: (...values: any[]) => void,
  ) => {
    stream.on(event, listener);
    return Disposable.create(() => stream.off(event, listener));
  };
  let header: Uint8Array = Buffer.alloc(0);
  return {
    onClose: (listener) => on('close', listener),
    onError: (listener) => on('error', listener),
    onEnd: (listener) => on('end', listener),
    end: () => void stream.end(),
    write: (data: string | Uint8Array, encoding?: string) => {
      if (typeof data === 'string') {
        header = Buffer.from(data, encoding as BufferEncoding);
        return Promise.resolve();
      }
      const message = Buffer.concat([header, data]);
      header = Buffer.alloc(0);
      return new Promise<void>((resolve, reject) => {
        stream.write(message, (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}
