import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { JoinedWriter } from './joined-writer.ts';

it('a message is one piece, header and content, in the order of the messages', async () => {
  const stream = new PassThrough();
  const pieces: string[] = [];
  stream.on('data', (data: Buffer) => pieces.push(data.toString()));
  const writer = new JoinedWriter(stream);
  await Promise.all(['ä', 'b'].map((method) => writer.write({ jsonrpc: '2.0', method } as never)));
  expect(pieces).toEqual([
    'Content-Length: 31\r\n\r\n{"jsonrpc":"2.0","method":"ä"}',
    'Content-Length: 30\r\n\r\n{"jsonrpc":"2.0","method":"b"}',
  ]);
});

it('what is written after the end has no reader and is no error', async () => {
  const stream = new PassThrough();
  const writer = new JoinedWriter(stream);
  stream.end();
  await writer.write({ jsonrpc: '2.0', method: 'a' } as never);
  stream.destroy();
  await writer.write({ jsonrpc: '2.0', method: 'b' } as never);
});
