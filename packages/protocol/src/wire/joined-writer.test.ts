import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { JoinedWriter } from './joined-writer.ts';

const note = (method: string) => ({ jsonrpc: '2.0', method }) as Message;

/** A writer of which messages called "end" may wait, and the pieces it writes. */
function open() {
  const stream = new PassThrough();
  const pieces: string[] = [];
  stream.on('data', (data: Buffer) => pieces.push(data.toString()));
  const writer = new JoinedWriter(stream, (message) => (message as { method?: string }).method === 'end');
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

describe('a message that may wait', () => {
  it('goes with the next one', async () => {
    const { pieces, writer } = open();
    await writer.write(note('end'));
    expect(pieces).toEqual([]);
    await writer.write(note('begin'));
    expect(pieces).toEqual([expect.stringMatching(/"end"\}Content-Length: \d+\r\n\r\n\{.*"begin"\}$/)]);
  });

  it('goes alone when nothing follows', async () => {
    const { stream, pieces, writer } = open();
    await writer.write(note('end'));
    await once(stream, 'data');
    expect(pieces).toEqual([expect.stringContaining('"end"')]);
  });

  it('goes at once when that is asked for, and never after the end', async () => {
    const { stream, pieces, writer } = open();
    await writer.write(note('end'));
    writer.flush();
    expect(pieces).toEqual([expect.stringContaining('"end"')]);
    await writer.write(note('end'));
    writer.dispose();
    expect(stream.destroyed).toBe(true);
    expect(pieces).toHaveLength(1);
  });
});

it('what is written after the end has no reader and is no error', async () => {
  const { stream, writer } = open();
  stream.end();
  await writer.write(note('a'));
  stream.destroy();
  await writer.write(note('b'));
});
