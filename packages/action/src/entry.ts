import { setFailed, warning } from '@actions/core';
import { FirstchanceError, UsageError } from '@firstchance/model';
import { harmless } from '@firstchance/report';

/**
 * Runs main or post to its end and ends the process: a connection that a failed upload left open must not hold the job up.
 * @param failing false for post, whose failure would fail a job whose tests have passed
 */
export async function runEntry(work: () => Promise<void>, { failing }: { failing: boolean }): Promise<never> {
  try {
    await work();
  } catch (error) {
    const told = error instanceof UsageError || error instanceof FirstchanceError;
    const text =
      error instanceof Error ? (told ? error.message : `unexpected: ${error.stack ?? error.message}`) : String(error);
    if (failing) setFailed(`firstchance: ${harmless(text)}`);
    else warning(`firstchance: ${harmless(text)}`, { title: 'firstchance' });
  }
  process.exit();
}
