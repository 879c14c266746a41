import { verdictText } from '@firstchance/model';
import type { ReadModel } from '../read-model/read-model.ts';
import { count } from '../text/count.ts';
import { commandText } from '../text/titles.ts';
import { Budget } from './budget.ts';
import { captureSections, capturesTable } from './captures.ts';
import { checkSections, checksTable } from './checks.ts';
import { code, words } from './escape.ts';
import { ledgerSection, memorySection, problemSection, skippedSection, testSection } from './rest.ts';

/** GitHub refuses a step's summary above 1 MiB, whole; what other steps wrote before counts too. */
export const SUMMARY_BYTES = 900_000;

/** The session as Markdown for a job summary, at most `bytes` long: the verdict first, then what failed, then the rest. */
export function renderMarkdown(model: ReadModel, bytes = SUMMARY_BYTES): string {
  // Room for the last line, which says what did not fit.
  const budget = new Budget(bytes - 200);
  budget.add(`${head(model)}\n`);
  for (const section of sections(model)) budget.add(`${section}\n`);
  const missing =
    budget.leftOut === 0 ? '' : `\n${count(budget.leftOut, 'section')} did not fit here: see report.html.\n`;
  return `${budget}${missing}`;
}

/** One after the other: those that do not fit are in memory for a moment only. */
function* sections(model: ReadModel): Generator<string> {
  yield* checksTable(model);
  yield* capturesTable(model);
  yield* problemSection(model);
  yield* checkSections(model);
  yield* captureSections(model);
  yield* testSection(model);
  yield* ledgerSection(model);
  yield* memorySection(model);
  yield* skippedSection(model);
}

function head({ outcome, captures, runs, totals }: ReadModel): string {
  const { exitCode, verdict, reason } = outcome;
  // A program may die, or hang, without anybody's exit code telling (firstchance serve).
  const bad = captures.filter(
    ({ record }) => record.trigger.kind === 'unhandled' || record.trigger.kind === 'deadline',
  );
  const looks = exitCode === 0 && bad.length > 0;
  const mark = exitCode === null || looks ? '⚠️' : exitCode === 0 ? '✅' : '❌';
  const fine = looks ? `${count(bad.length, 'capture')} to look at` : 'nothing failed';
  const title = verdict !== null ? verdictText(verdict) : exitCode === 0 ? fine : 'failed';
  const found = [
    ...(totals.checks > 0 ? [count(totals.checks, 'growth check')] : []),
    count(totals.captures, 'capture'),
    ...(totals.problems > 0 ? [count(totals.problems, 'problem')] : []),
  ].join(', ');
  const lines = [`## ${mark} firstchance: ${title}`, '', `${words(reason)} · ${found}`];
  for (const { command, end, platform } of runs.slice(0, 20)) {
    const code_ = end === null ? 'no end recorded' : `exit code ${end.exitCode}`;
    lines.push('', `${code(commandText(command), 300)} · ${code_} · ${words(platform)}`);
  }
  if (totals.runs > 20) lines.push('', `and ${count(totals.runs - 20, 'more session')}`);
  return lines.join('\n');
}
