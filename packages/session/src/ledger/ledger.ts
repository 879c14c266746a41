import { bytesLeft, EXIT, humanBytes, type TypeInfo } from '@firstchance/model';
import type { MeasuringEngine, TakenCensus } from '../growth/ports.ts';
import { targetHasEnded, toProblem } from '../problems/problem.ts';
import type { Recorder } from '../records/recorder.ts';
import type { Outcome } from '../run/judge.ts';
import { leftBehind } from './left-behind.ts';
import { TimeShare } from './time-share.ts';

export interface LedgerContext {
  readonly recorder: Recorder;
  readonly engine: () => MeasuringEngine | undefined;
  /** Tests that run in a process at this moment. */
  readonly running: (pid: number) => number;
  /** A test that leaves more bytes than this fails the run; undefined: none does. */
  readonly budgetBytes: number | undefined;
  readonly now: () => number;
}

/** A test that has ended. */
export interface LedgerTest {
  readonly id: string;
  /** For people, where the id is none for them. */
  readonly name?: string;
  readonly pid: number;
}

interface Book {
  readonly share: TimeShare;
  /** Types of the reading before; undefined until there was one. */
  before: readonly TypeInfo[] | undefined;
  /** Tests that ended since then. */
  pending: LedgerTest[];
  work: Promise<void>;
}

/** Of the time a process runs its tests. */
const SHARE = 0.1;

/**
 * What each test leaves behind in memory: a reading after it, without a collection (what nobody refers to does not count), and
 * the difference to the reading before. Readings stay within a tenth of the time; tests that cannot be afforded share the next
 * one, and it names them all.
 */
export class Ledger {
  readonly #context: LedgerContext;
  readonly #books = new Map<number, Book>();
  readonly #outcomes: Outcome[] = [];
  /** What was under way for processes that are gone. */
  readonly #ending: Promise<void>[] = [];
  #told = false;
  #count = 0;
  #unread = 0;

  constructor(context: LedgerContext) {
    this.#context = context;
  }

  /** Tests that left more than the budget allows. */
  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  /** A test began in some process. */
  get toldOfTests(): boolean {
    return this.#told;
  }

  /** Tests that ended before the first reading, or whose process was gone before the next one. */
  get unread(): number {
    return this.#unread;
  }

  /** The first test of a process: what is there now is nobody's. Resolves when it is read. */
  async testStarted(pid: number): Promise<void> {
    if (this.#books.has(pid)) return;
    this.#told = true;
    const book: Book = {
      share: new TimeShare(SHARE, this.#context.now()),
      before: undefined,
      pending: [],
      work: Promise.resolve(),
    };
    this.#books.set(pid, book);
    this.#queue(book, () => this.#read(book, pid));
    await book.work;
  }

  /** Resolves when the reading is done, if one is made: at once when it would take more than its share of the time. */
  async testEnded(test: LedgerTest): Promise<void> {
    const { pid } = test;
    const book = this.#books.get(pid);
    if (!book) return;
    book.pending.push(test);
    this.#queue(book, async () => {
      if (book.pending.length > 0 && book.share.affords(this.#context.now())) await this.#read(book, pid);
    });
    await book.work;
  }

  /** The process is about to be ended: what its last tests left is read, whatever share of the time that takes. */
  async lastOf(pid: number): Promise<void> {
    const book = this.#books.get(pid);
    if (!book) return;
    this.#queue(book, async () => {
      if (book.pending.length > 0) await this.#read(book, pid);
    });
    await book.work;
  }

  /** The process is gone. Its id may soon be another's, which must not be compared with what this one held. */
  processEnded(pid: number): void {
    const book = this.#books.get(pid);
    if (!book) return;
    this.#books.delete(pid);
    this.#ending.push(this.#close(book));
  }

  /** Waits for the readings under way; what could not be read is told once. */
  async close(): Promise<void> {
    await Promise.all([...this.#ending.splice(0), ...[...this.#books.values()].map((book) => this.#close(book))]);
    if (this.#unread === 0) return;
    this.#context.recorder.problem({
      ...{ what: `${this.#unread === 1 ? '1 test is' : `${this.#unread} tests are`} not in the ledger`, where: '' },
      why: 'memory was first read later, or the process ended before the next reading that a tenth of the time allows',
      cure: 'run fewer tests at a time, or longer ones',
    });
  }

  async #close(book: Book): Promise<void> {
    await book.work;
    this.#unread += book.pending.length;
    book.pending = [];
  }

  #queue(book: Book, work: () => Promise<void>): void {
    book.work = book.work.then(work);
  }

  async #read(book: Book, pid: number): Promise<void> {
    const engine = this.#context.engine();
    if (!engine) return;
    const began = this.#context.now();
    let census: TakenCensus;
    try {
      census = await engine.census({ pid }, {});
    } catch (error) {
      // A test host ends right after its last test: that test stays pending, and is counted at the end.
      if (!targetHasEnded(error))
        this.#context.recorder.problem(toProblem('memory could not be read after a test', `process ${pid}`, error));
      return;
    } finally {
      book.share.spent(this.#context.now() - began);
    }
    // A reading with holes would make the next one look like a leak.
    if (!census.complete) return;
    const tests = book.pending;
    book.pending = [];
    // What ended before the first reading, which captures may hold up, is part of what everything is compared with.
    if (book.before === undefined) this.#unread += tests.length;
    else if (tests.length > 0) this.#write(book.before, census, tests, pid);
    book.before = census.types;
  }

  #write(before: readonly TypeInfo[], census: TakenCensus, tests: readonly LedgerTest[], pid: number): void {
    const left = leftBehind(before, census.types);
    const testId = tests.at(-1)?.id ?? null;
    this.#count += 1;
    this.#context.recorder.write({
      ...{ record: 'census', id: `ledger-${String(this.#count).padStart(4, '0')}`, testId, left },
      ...{ pauseMs: census.pauseMs, channels: census.channels, merged: tests.slice(0, -1).map(({ id }) => id) },
      candidates: tests.length + this.#context.running(pid),
    });
    const bytes = bytesLeft({ left });
    const { budgetBytes } = this.#context;
    if (budgetBytes === undefined || bytes <= budgetBytes) return;
    const names = tests.map(({ id, name }) => name ?? id);
    const who = names.length === 1 ? `test ${names[0]}` : `${names.length} tests (${names.join(', ')})`;
    const reason = `${who} left ${humanBytes(bytes)} behind, ${humanBytes(budgetBytes)} are allowed (--ledger-budget)`;
    this.#outcomes.push({ verdict: 'LEAK', reason, code: EXIT.leak });
  }
}
