import type { Writable } from 'node:stream';
import { type Message, RAL, WriteableStreamMessageWriter } from 'vscode-jsonrpc/node';
import { Pieces } from './pieces.ts';

/**
 * Writes the header and the content of a message in one piece. The library writes the one, waits, and writes the other: the
 * reader would be woken twice for each message, and tests wait for these messages. For the same reason a message that `mayWait`
 * goes with the next one.
 */
export class JoinedWriter extends WriteableStreamMessageWriter {
  readonly #stream: Writable;
  readonly #pieces: Pieces;

  constructor(stream: Writable, mayWait: (message: Message) => boolean = () => false) {
    const pieces = new Pieces(stream);
    const { encoder } = RAL().applicationJson;
    // Asked when it is this message's turn to be written.
    const encode: typeof encoder.encode = (message, options) => {
      pieces.holdNext = mayWait(message);
      return encoder.encode(message, options);
    };
    super(pieces, { contentTypeEncoder: { name: encoder.name, encode } });
    this.#stream = stream;
    this.#pieces = pieces;
  }

  /** What is written after the end is dropped: it has no reader, and who waits for an answer is told of the end. */
  override async write(message: Message): Promise<void> {
    const over = () => this.#stream.writableEnded || this.#stream.destroyed;
    if (over()) return;
    try {
      await super.write(message);
    } catch (error) {
      if (!over()) throw error;
    }
  }

  /** Writes what waits. */
  flush(): void {
    this.#pieces.flush();
  }

  override dispose(): void {
    super.dispose();
    this.#pieces.drop();
    this.#stream.destroy();
  }
}
