import type { Writable } from 'node:stream';
import { type Message, WriteableStreamMessageWriter } from 'vscode-jsonrpc/node';
import { Pieces } from './pieces.ts';

/**
 * Writes the header and the content of a message in one piece. The library writes the one, waits, and writes the other: the
 * reader would be woken twice for each message, and tests wait for these messages.
 */
export class JoinedWriter extends WriteableStreamMessageWriter {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    super(new Pieces(stream));
    this.#stream = stream;
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

  override dispose(): void {
    super.dispose();
    this.#stream.destroy();
  }
}
