/** What one dose came to. */
export interface DoseResult {
  /** Operations that were done. With failures the rest of the dose was not tried. */
  readonly done: number;
  readonly failed: number;
  /** What the first one that failed answered; absent when none did. */
  readonly example?: string;
}

/** What is repeated to see whether it leaves something behind. */
export interface Operation extends AsyncDisposable {
  /** Equal wherever it runs: "POST /run?kind=ok". Names the check in reports and baselines. */
  readonly name: string;
  /**
   * Does so many operations, one after the other.
   * @throws the signal's reason when aborted; a failure is a value
   */
  run(count: number, signal: AbortSignal): Promise<DoseResult>;
}

/** A dose is not tried to its end when operations fail: with a time-out of 30 s that would take hours. */
const ENOUGH_FAILURES = 3;

/** Does one operation after the other until the dose is done or it is clear that they fail. */
export async function repeat(
  count: number,
  signal: AbortSignal,
  once: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<DoseResult> {
  let [done, failed] = [0, 0];
  let example: string | undefined;
  while (done + failed < count && failed < ENOUGH_FAILURES) {
    signal.throwIfAborted();
    const failure = await once(signal);
    signal.throwIfAborted();
    if (failure === undefined) done += 1;
    else {
      failed += 1;
      example ??= failure;
    }
  }
  return { done, failed, ...(example === undefined ? {} : { example }) };
}
