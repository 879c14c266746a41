import { open } from 'node:fs/promises';
import zlib from 'node:zlib';
import { errorText, FirstchanceError } from '@firstchance/model';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const READ = 256 * 1024;

/**
 * The content of a zstd file as it is unpacked, in bounded memory. Node's decoder ends with the first frame and our dumps have
 * many (seekable zstd), so the frames are found here by their headers (RFC 8878, 3.1) and each gets a decoder of its own.
 * @throws FirstchanceError `corrupt-dump`, the system's error
 */
export async function* zstdContent(path: string): AsyncGenerator<Buffer> {
  await using file = await Source.open(path);
  for (let magic = await file.uint32(); magic !== undefined; magic = await file.uint32()) {
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) await file.skip((await file.uint32()) ?? 0);
    else if (magic === MAGIC) yield* frame(file);
    else throw corrupt(path, 'there is something else than zstd in it');
  }
}

async function* frame(file: Source): AsyncGenerator<Buffer> {
  const decoder = createDecoder();
  // The decoder takes what it is given at its own pace; both ends are awaited, so neither side piles up.
  const feeding = feed(file, decoder).then(
    () => decoder.end(),
    (error: Error) => decoder.destroy(error),
  );
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) yield chunk;
    await feeding;
  } catch (error) {
    throw error instanceof FirstchanceError ? error : corrupt(file.path, errorText(error), error);
  }
}

async function feed(file: Source, decoder: NodeJS.WritableStream): Promise<void> {
  const write = async (bytes: Buffer) => {
    if (!decoder.write(bytes)) await new Promise<void>((resolve) => decoder.once('drain', resolve));
  };
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  const descriptor = await file.exactly(1);
  await write(Buffer.concat([magic, descriptor, await file.exactly(headerBytes(descriptor.readUInt8()))]));
  for (let last = false; !last; ) {
    const header = await file.exactly(3);
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    // Type 1 repeats one byte; of the others the size is what lies in the file.
    const size = ((bits >> 1) & 3) === 1 ? 1 : bits >> 3;
    await write(Buffer.concat([header, await file.exactly(size)]));
  }
  if ((descriptor.readUInt8() & 4) !== 0) await write(await file.exactly(4));
}

/** Length of the frame header behind its first byte (RFC 8878, 3.1.1.1.1). */
function headerBytes(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const content = descriptor >> 6;
  const contentBytes = content === 0 ? (single ? 1 : 0) : 2 ** content;
  const dictionary = descriptor & 3;
  return (single ? 0 : 1) + (dictionary === 3 ? 4 : dictionary) + contentBytes;
}

/** In Node 22.15 and newer; the types are those of the oldest Node that our packages support. */
function createDecoder(): NodeJS.ReadWriteStream & { destroy(error?: Error): void } {
  const { createZstdDecompress } = zlib as unknown as {
    createZstdDecompress?: () => NodeJS.ReadWriteStream & { destroy(error?: Error): void };
  };
  if (!createZstdDecompress)
    throw new FirstchanceError({
      code: 'not-supported',
      what: 'Unpacking zstd',
      why: `Node ${process.versions.node} cannot`,
    });
  return createZstdDecompress();
}

/** Reads a file piece by piece. */
class Source implements AsyncDisposable {
  readonly path: string;
  readonly #handle: Awaited<ReturnType<typeof open>>;
  #buffer: Buffer = Buffer.alloc(0);
  #position = 0;

  private constructor(path: string, handle: Awaited<ReturnType<typeof open>>) {
    this.path = path;
    this.#handle = handle;
  }

  static async open(path: string): Promise<Source> {
    return new Source(path, await open(path, 'r'));
  }

  async exactly(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(READ), 0, READ, this.#position);
      if (bytesRead === 0) throw corrupt(this.path, 'it is cut off');
      this.#position += bytesRead;
      this.#buffer = Buffer.concat([this.#buffer, buffer.subarray(0, bytesRead)]);
    }
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  /** Undefined at the end of the file. */
  async uint32(): Promise<number | undefined> {
    if (this.#buffer.length === 0) {
      const { size } = await this.#handle.stat();
      if (this.#position >= size) return undefined;
    }
    return (await this.exactly(4)).readUInt32LE();
  }

  async skip(length: number): Promise<void> {
    const buffered = Math.min(length, this.#buffer.length);
    this.#buffer = this.#buffer.subarray(buffered);
    this.#position += length - buffered;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}

function corrupt(path: string, why: string, cause?: unknown): FirstchanceError {
  return new FirstchanceError({ code: 'corrupt-dump', what: `Reading ${path}`, why }, { cause });
}
