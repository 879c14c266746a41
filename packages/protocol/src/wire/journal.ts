import type { ParamsOf } from './requests.ts';

/*
 * What a worker tells of its tests without waking the server: lines in a file of the session's private folder, which the server
 * reads some times in a second, before anything that depends on them, and at the end. To wake another process costs the one that
 * does it half a millisecond on a virtual machine, for each test; to write a line costs a hundredth of that.
 */

/** The worker makes the file, with a name of this form; the server takes its name away as soon as it has it open. */
export const JOURNAL_NAME = /^journal-[\w-]{1,64}$/;

/** The longest line that is taken, in bytes: a test's title is at most ten million. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

interface Placed {
  /** When it was, on the machine's monotonic clock (CLOCK_MONOTONIC), in ms. */
  readonly at: number;
  /** How many messages the worker had sent over the socket by then: it comes after those and before all others. */
  readonly after: number;
}

export type JournalEntry = Placed &
  (
    | { readonly method: 'test/begin'; readonly params: ParamsOf<'test/begin'> }
    | { readonly method: 'test/end'; readonly params: ParamsOf<'test/end'> }
  );
