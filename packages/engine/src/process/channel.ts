import type { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

/** JSON-RPC over the engine's standard streams. */
export interface Channel {
  readonly connection: MessageConnection;
  /** After the end of the stream: resolves when every message that came has been handed on. */
  drained(): Promise<void>;
}

/**
 * The connection hands on one message per turn of the event loop and forgets those that wait when it is disposed. An
 * engine may answer and end at once; so before disposing we count what was read and what was handed on.
 */
export function openChannel(output: Readable, input: Writable): Channel {
  const reader = new CountingReader(output);
  let handled = 0;
  const connection = createMessageConnection(reader, new EndingWriter(input), undefined, {
    messageStrategy: {
      handleMessage: (message, next) => {
        handled += 1;
        next(message);
      },
    },
  });
  const drained = async () => {
    do await setImmediate();
    while (handled < reader.messages);
  };
  return { connection, drained };
}

class CountingReader extends StreamMessageReader {
  messages = 0;

  override listen(callback: Parameters<StreamMessageReader['listen']>[0]): ReturnType<StreamMessageReader['listen']> {
    return super.listen((message) => {
      this.messages += 1;
      callback(message);
    });
  }
}

/** What is written after the end is dropped: an answer to a question that crossed with our goodbye has no reader. */
class EndingWriter extends StreamMessageWriter {
  readonly #input: Writable;

  constructor(input: Writable) {
    super(input);
    this.#input = input;
  }

  override async write(message: Parameters<StreamMessageWriter['write']>[0]): Promise<void> {
    const over = () => this.#input.writableEnded || this.#input.destroyed;
    if (over()) return;
    try {
      await super.write(message);
    } catch (error) {
      if (!over()) throw error;
    }
  }
}
