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
  const connection = createMessageConnection(reader, new StreamMessageWriter(input), undefined, {
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
