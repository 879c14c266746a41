import { createReadStream } from 'node:fs';

/** One line of a file, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Undefined: longer than the limit, not kept in memory. */
  readonly text: string | undefined;
  /** It has no end: whoever wrote it was killed, or is writing it now. */
  readonly torn: boolean;
}

/** No record comes near; a longer "line" is damage, and must not fill the memory. */
export const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/** The lines of a file as they come, holding one at a time. @throws the system's error when it cannot be read */
export async function* readLines(path: string, longest = LONGEST_LINE): AsyncGenerator<Line> {
  let pieces: Buffer[] = [];
  let length = 0;
  let number = 1;
  const take = (torn: boolean): Line => {
    const text = length > longest ? undefined : Buffer.concat(pieces, length).toString('utf8');
    pieces = [];
    length = 0;
    return { number: number++, text, torn };
  };
  const add = (piece: Buffer) => {
    length += piece.length;
    if (length <= longest) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      yield take(false);
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (length > 0) yield take(true);
}
