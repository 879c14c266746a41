import type {
  CaptureRecord,
  CheckRecord,
  EndRecord,
  ProblemRecord,
  ResultRecord,
  SkippedRecord,
} from '@firstchance/model';
import { advice, humanBytes, humanMs, verdictText } from '@firstchance/model';
import { count } from '../text/count.ts';
import { harmless } from '../text/harmless.ts';
import { shellWord } from '../text/shell-word.ts';
import { skipReason } from '../text/skip-reasons.ts';
import { place, shortPlace, subject } from './names.ts';
import type { Style } from './style.ts';
import { type Column, table } from './table.ts';

/** What is told at the end of a run. */
export interface RunSummary {
  readonly captures: readonly CaptureRecord[];
  readonly results: readonly ResultRecord[];
  readonly skipped: readonly SkippedRecord[];
  /** Growth checks that tests made; each has told its own test. */
  readonly checks?: readonly CheckRecord[];
  readonly end: EndRecord;
  /** False: no .NET runtime was seen in any process. */
  readonly ranDotnet: boolean;
  /** As the person would type it. */
  readonly sessionFolder: string;
  /** What decided the exit code, one sentence. */
  readonly reason: string;
  /** Path of report.html as the person would type it; absent: there is none. */
  readonly report?: string;
}

const columns = (style: Style): readonly Column<CaptureRecord>[] => [
  { title: '#', value: (capture) => capture.id.slice(0, 4) },
  { title: 'exception or trigger', value: subject, flex: 3 },
  { title: 'test or thread', value: style.columns < 120 ? shortPlace : place, flex: 2 },
  { title: 'pause', value: (capture) => (capture.pauseMs === null ? '?' : humanMs(capture.pauseMs)), align: 'right' },
  { title: 'size', value: (capture) => (capture.dump ? humanBytes(capture.dump.bytes) : '-'), align: 'right' },
];

/** The table of all captures that were kept, what was left out and why, where everything lies, and the last line. */
export function summary(run: RunSummary, style: Style): string[] {
  const { paint } = style;
  const dropped = new Set(run.results.filter((result) => !result.kept).map((result) => result.captureId));
  // They come in the order in which they were written; people look for numbers in order.
  const kept = run.captures
    .filter((capture) => !dropped.has(capture.id))
    .sort((a, b) => a.id.localeCompare(b.id, 'en'));
  const lines =
    kept.length > 0 ? table(columns(style), kept, { ...style, columns: Math.min(style.columns, WIDEST) }) : [];
  if (dropped.size > 0) lines.push(`removed ${count(dropped.size, 'capture')} of passed tests (--keep all keeps them)`);
  lines.push(...skippedLines(run.skipped).map(paint.dim));
  if (run.end.problems > 0)
    lines.push(paint.red(`${count(run.end.problems, 'problem')}, told above and in manifest.jsonl`));
  lines.push(...checkLine(run.checks ?? [], style));
  const total = kept.reduce((sum, capture) => sum + (capture.dump?.bytes ?? 0), 0);
  const first = kept[0];
  lines.push(
    kept.length === 0
      ? `no captures${run.ranDotnet ? '' : `: ${NO_DOTNET}`}; session in ${run.sessionFolder}`
      : `${count(kept.length, 'capture')}, ${humanBytes(total)}, in ${run.sessionFolder}`,
  );
  if (first)
    lines.push(
      paint.dim(
        `look inside: ${style.reader.command} show ${shellWord(run.sessionFolder)}/captures/${first.id.slice(0, 4)}-*`,
      ),
    );
  if (run.report !== undefined) lines.push(paint.dim(`report: ${harmless(run.report)}`));
  const colour = run.end.exitCode === 0 ? paint.green : paint.red;
  lines.push(colour(`exit code ${run.end.exitCode}: ${harmless(run.reason)}`));
  return lines;
}

/** "3 growth checks: 1 LEAK, 2 PASS". */
function checkLine(checks: readonly CheckRecord[], { paint }: Style): string[] {
  if (checks.length === 0) return [];
  const verdicts = new Map<string, number>();
  for (const { verdict } of checks) verdicts.set(verdictText(verdict), (verdicts.get(verdictText(verdict)) ?? 0) + 1);
  const found = [...verdicts].map(([verdict, times]) => `${times} ${verdict}`).join(', ');
  const line = `${count(checks.length, 'growth check')}: ${found}`;
  return [checks.every(({ verdict }) => verdict === 'PASS') ? line : paint.red(line)];
}

const NO_DOTNET = 'no .NET runtime ran in the command (a program compiled ahead of time has none)';

/** A log has no width, but a person reads it. */
const WIDEST = 160;

/** Matches that were not captured, added up by reason: "12 more not captured: the same place was captured already". */
export function skippedLines(skipped: readonly SkippedRecord[]): string[] {
  const totals = new Map<string, number>();
  for (const record of skipped) totals.set(record.why, (totals.get(record.why) ?? 0) + record.count);
  return [...totals]
    .sort((a, b) => b[1] - a[1])
    .map(([why, total]) => `${total} more not captured: ${harmless(skipReason(why))}`);
}

/** A problem in two lines: what and why; what to do. */
export function problemLines(problem: Pick<ProblemRecord, 'what' | 'where' | 'why' | 'cure'>, style: Style): string[] {
  const { paint, reader } = style;
  const where = problem.where ? ` (${harmless(problem.where)})` : '';
  const lines = [`${paint.red('problem:')} ${harmless(problem.what)}${where}: ${harmless(problem.why)}`];
  if (problem.cure) lines.push(`  ${advice(harmless(problem.cure), reader)}`);
  return lines;
}
