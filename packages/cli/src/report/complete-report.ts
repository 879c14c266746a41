import type { ReadModel } from '@firstchance/report';
import { StopSignals } from '../check/stop-signals.ts';
import type { CliContext } from '../ports.ts';
import { addRetainedSizes } from './retained-sizes.ts';
import { writeReports } from './write-reports.ts';

/** A run that is over makes nobody wait longer than this for its pictures; `firstchance report` adds what is missing. */
const BUDGET_MS = 5_000;

/** 128 and the number of SIGHUP, SIGINT, SIGTERM. */
const INTERRUPTED: ReadonlySet<number> = new Set([129, 130, 143]);

/** Who pressed Ctrl-C or closed the terminal waits for nothing that can be had later: 0 then, else ms. */
export function picturesBudgetMs(exitCode: number): number {
  return INTERRUPTED.has(exitCode) ? 0 : BUDGET_MS;
}

/**
 * Reports of a session that is over, with the retained sizes of its captures. Ctrl-C ends reading the dumps, not the report.
 * Never throws.
 * @param say told what could not be written
 * @param budgetMs for reading the dumps; 0: they are not read
 * @returns path of report.html; undefined when there is none
 */
export async function completeReport(
  { ports }: CliContext,
  folder: string,
  say: (sentence: string) => void,
  budgetMs: number,
): Promise<string | undefined> {
  return await writeReports(folder, ports.reportPage, say, async (model: ReadModel) => {
    if (budgetMs === 0) return;
    using stop = new StopSignals(() => {});
    const limits = Number.isFinite(budgetMs) ? [AbortSignal.timeout(budgetMs)] : [];
    const signal = AbortSignal.any([stop.signal, ...limits]);
    const { captures } = model;
    await addRetainedSizes({ folder, captures, openEngine: ports.openEngine, signal });
  });
}
