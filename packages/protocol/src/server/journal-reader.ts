import { closeSync, constants, openSync, readSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { conforms } from '@firstchance/model';
import { z } from 'zod';
import { JOURNAL_NAME, type JournalEntry, MAX_LINE_BYTES } from '../wire/journal.ts';
import { monotonicMs } from '../wire/monotonic.ts';
import { REQUESTS } from '../wire/requests.ts';

const placed = { at: z.number(), after: z.int().nonnegative() };
const entrySchema = z.discriminatedUnion('method', [
  z.object({ ...placed, method: z.literal('test/begin'), params: REQUESTS['test/begin'].params }),
  z.object({ ...placed, method: z.literal('test/end'), params: REQUESTS['test/end'].params }),
]);

/** How late a test may be heard of: less than the margin of the shortest deadline that comes this way. */
const POLL_MS = 20;
const PIECE_BYTES = 64 * 1024;
const NEWLINE = 10;

/** Reads what a worker tells of its tests without waking us (wire/journal.ts). */
export class JournalReader implements Disposable {
  readonly #file: number;
  readonly #handle: (entry: JournalEntry) => void;
  readonly #began = monotonicMs();
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  readonly #poll: NodeJS.Timeout;
  #rest: Buffer = Buffer.alloc(0);
  /** Read, and to come after messages that have not been handled. */
  #waiting: JournalEntry[] = [];
  /** Messages of the worker's whose turn has been. */
  #handled: number;
  #over = false;

  private constructor(path: string, handled: number, handle: (entry: JournalEntry) => void) {
    this.#handled = handled;
    this.#handle = handle;
    this.#file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    unlinkSync(path);
    this.#poll = setInterval(() => this.read(), POLL_MS).unref();
  }

  /**
   * @param handled messages of the worker's until now
   * @param handle is called with each entry when its turn has come; `at` is on our clock (performance.now())
   * @returns undefined when there is no such file
   */
  static open(
    privateFolder: string,
    name: string,
    handled: number,
    handle: (entry: JournalEntry) => void,
  ): JournalReader | undefined {
    if (!JOURNAL_NAME.test(name)) return undefined;
    try {
      return new JournalReader(join(privateFolder, name), handled, handle);
    } catch {
      return undefined;
    }
  }

  /** A message of the worker is about to be handled, the `number`th: what was told before it comes first. */
  before(number: number): void {
    this.#handled = number - 1;
    this.read();
    this.#handled = number;
  }

  /** Takes in all that was told until now. */
  read(): void {
    this.#load();
    this.#pass();
  }

  [Symbol.dispose](): void {
    if (this.#over) return;
    clearInterval(this.#poll);
    this.read();
    this.#over = true;
    closeSync(this.#file);
  }

  #pass(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || next.after > this.#handled) return;
      this.#waiting.shift();
      this.#handle(next);
    }
  }

  #load(): void {
    if (this.#over) return;
    for (;;) {
      const length = readSync(this.#file, this.#piece, 0, PIECE_BYTES, null);
      if (length === 0) return;
      this.#take(Buffer.concat([this.#rest, this.#piece.subarray(0, length)]));
    }
  }

  #take(data: Buffer): void {
    let from = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, from)) {
      this.#line(data.toString('utf8', from, end));
      from = end + 1;
    }
    // A line that never ends is none of the worker's: it is left unread, as is what a full disk has cut.
    this.#rest = data.length - from > MAX_LINE_BYTES ? Buffer.alloc(0) : data.subarray(from);
  }

  #line(text: string): void {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      return;
    }
    const checked = conforms<JournalEntry>(entrySchema as never, content);
    if (checked.ok) this.#waiting.push({ ...checked.value, at: this.#ours(checked.value.at) });
  }

  /** Never before the worker was here, nor later than now, whatever it says. */
  #ours(at: number): number {
    const now = monotonicMs();
    return performance.now() - (now - Math.min(now, Math.max(this.#began, at)));
  }
}
