import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { JoinedWriter } from './joined-writer.ts';

const note = (method: string) => ({ jsonrpc: '2.0', method }) as Message;

/** A writer, and the pieces it writes. */
function open() {
  const stream = new PassThrough();
  const pieces: string[] = [];
  stream.on('data', (data: Buffer) => pieces.push(data.toString()));
  const writer = new JoinedWriter(stream);
  return { stream, pieces, writer };
}

it('a message is one piece, header and content, in the order of the messages', async () => {
  const { pieces, writer } = open();
  await Promise.all(['ä', 'b'].map((method) => writer.write(note(method))));
  expect(pieces).toEqual([
    'Content-Length: 31\r\n\r\n{"jsonrpc":"2.0","method":"ä"}',
    'Content-Length: 30\r\n\r\n{"jsonrpc":"2.0","method":"b"}',
  ]);
});

it('what is written after the end has no reader and is no error', async () => {
  const { stream, writer } = open();
  stream.end();
  await writer.write(note('a'));
  stream.destroy();
  await writer.write(note('b'));
});
