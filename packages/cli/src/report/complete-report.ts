import { StopSignals } from '../check/stop-signals.ts';
import type { CliContext } from '../ports.ts';
import { addRetainedSizes } from './retained-sizes.ts';
import { writeReports } from './write-reports.ts';

/** A run that is over makes nobody wait longer than this for its pictures; `firstchance report` adds what is missing. */
export const BUDGET_MS = 5_000;

/**
 * Reports of a session that is over, with the retained sizes of its captures. Ctrl-C ends reading the dumps, not the report.
 * Never throws.
 * @param budgetMs for reading the dumps; 0: they are not read
 * @param say told what could not be written
 * @returns path of report.html; undefined when there is none
 */
export async function completeReport(
  { ports }: CliContext,
  folder: string,
  say: (sentence: string) => void,
  budgetMs: number = BUDGET_MS,
): Promise<string | undefined> {
  if (budgetMs > 0) {
    using stop = new StopSignals(() => {});
    using limit = new TimeLimit(budgetMs);
    const signal = AbortSignal.any([stop.signal, limit.signal]);
    // What cannot be read is told by the report itself.
    await addRetainedSizes({ folder, openEngine: ports.openEngine, signal }).catch(() => {});
  }
  return await writeReports(folder, ports.reportPage, say);
}

/** AbortSignal.timeout() holds on to its timer after it is no longer needed. */
class TimeLimit implements Disposable {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    if (Number.isFinite(ms)) this.#timer = setTimeout(() => this.#abort.abort(new Error('timeout')), ms);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
