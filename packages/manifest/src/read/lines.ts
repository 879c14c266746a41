import { type FileHandle, open } from 'node:fs/promises';

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
const LONGEST_LINE = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

const BLOCK = 64 * 1024;

/** The lines of a file as they come, holding one at a time. @throws the system's error when it cannot be read */
export async function* readLines(path: string, longest = LONGEST_LINE): AsyncGenerator<Line> {
  await using file = await openFile(path);
  // One block for the whole file: a fresh one each time would stay until the garbage collector comes by.
  const block = Buffer.allocUnsafe(BLOCK);
  /** What blocks before this one held of the line. */
  let pieces: Buffer[] = [];
  let length = 0;
  let number = 1;
  const take = (rest: Buffer, torn: boolean): Line => {
    const whole = length + rest.length;
    const text =
      whole > longest
        ? undefined
        : length === 0
          ? rest.toString('utf8')
          : Buffer.concat([...pieces, rest]).toString('utf8');
    pieces = [];
    length = 0;
    return { number: number++, text, torn };
  };
  for (;;) {
    const { bytesRead } = await file.handle.read(block, 0, BLOCK, null);
    if (bytesRead === 0) break;
    const chunk = block.subarray(0, bytesRead);
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield take(chunk.subarray(from, end), false);
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > longest) pieces = [];
    else if (rest.length > 0) pieces.push(Buffer.from(rest));
  }
  if (length > 0) yield take(Buffer.alloc(0), true);
}

async function openFile(path: string): Promise<{ handle: FileHandle } & AsyncDisposable> {
  const handle = await open(path, 'r');
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}
