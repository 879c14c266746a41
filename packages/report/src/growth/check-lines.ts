import type { Growth, GrowthCheck, HarmlessGrowth } from '@firstchance/model';
import { humanBytes } from '@firstchance/model';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { count } from '../text/count.ts';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { channelValue, isBytes, shortNumber, signedAmount } from './channel-names.ts';
import { bytesOf, headline, rateOf, subjectOf, verdictColour } from './headline.ts';
import { sparkline } from './sparkline.ts';

/** A log has no width, but a person reads it. */
const WIDEST = 160;
const SPARK_CELLS = 24;
/** Growth that is told with its path; the rest is in the table and in the file. */
const EXPLAINED = 3;
const HARMLESS_SHOWN = 5;

/** All that is told of a finished check, the verdict first. */
export function checkLines(check: GrowthCheck, style: Style): string[] {
  const columns = Math.min(style.columns, WIDEST);
  const fit = (line: string) => fitEnd(line, columns);
  const { paint } = style;
  const lines = [paint[verdictColour(check.verdict)](paint.bold(headline(check)))];
  if (check.cure) lines.push(`  ${harmless(check.cure)}`);
  if (check.growth.length > 0) {
    lines.push('', ...table(growthColumns(check), check.growth, { ...style, columns }));
    for (const growth of check.growth.slice(0, EXPLAINED)) lines.push(...explanation(growth, style).map(fit));
  }
  const rest = [
    ...reasons('not certain', check.unsure ?? []),
    ...(check.accepted ?? []).map(
      (one) =>
        `accepted: ${subjectOf(one)} ${rateOf(one)}: ${harmless(one.why)}${one.where ? ` [${harmless(one.where)}]` : ''}`,
    ),
    ...reasons('harmless', check.harmless),
  ];
  if (rest.length > 0) lines.push('', ...rest.map(fit));
  lines.push('', ...evidence(check).map(paint.dim));
  for (const note of check.notes ?? []) lines.push(paint.yellow(`note: ${harmless(note)}`));
  return lines;
}

function growthColumns(check: GrowthCheck): readonly Column<Growth>[] {
  return [
    { title: 'grows', value: subjectOf, flex: 3 },
    {
      title: 'per operation',
      value: ({ perOperation, channel }) => signedAmount(perOperation, isBytes(channel)),
      align: 'right',
    },
    { title: 'between', value: interval, align: 'right' },
    {
      title: 'bytes',
      value: (growth) => {
        const bytes = bytesOf(growth);
        return bytes === undefined ? '-' : humanBytes(bytes);
      },
      align: 'right',
    },
    {
      title: 'round by round',
      value: ({ channel }) =>
        sparkline(
          check.rounds.map(({ channels }) => channelValue(channels, channel)),
          SPARK_CELLS,
        ),
    },
  ];
}

function interval({ low, high, channel }: Growth): string {
  const shown = isBytes(channel) ? humanBytes : shortNumber;
  return `${shown(low)} … ${shown(high)}`;
}

/** Path from the root, container, pattern with its usual cure, and the fingerprint for a suppression. */
function explanation(growth: Growth, { paint }: Style): string[] {
  const { path = [], container, pattern, cure, owner = [], fingerprint } = growth;
  const lines = ['', paint.bold(subjectOf(growth))];
  path.forEach((step, depth) => {
    const name = harmless(step);
    lines.push(`  ${'  '.repeat(depth)}${depth === 0 ? '' : '→ '}${name}`);
  });
  if (container) lines.push(`  in ${harmless(container)}`);
  if (owner.length > 0) lines.push(`  allocated by ${owner.map(harmless).join(' ← ')}`);
  if (pattern) lines.push(`  ${paint.yellow(harmless(pattern))}${cure ? `: ${harmless(cure)}` : ''}`);
  lines.push(paint.dim(`  fingerprint ${harmless(fingerprint).slice(0, 16)}`));
  return lines;
}

function reasons(word: string, list: readonly HarmlessGrowth[]): string[] {
  const shown = list
    .slice(0, HARMLESS_SHOWN)
    .map((one) => `${word}: ${subjectOf(one)} ${rateOf(one)}: ${harmless(one.why)}`);
  const more = list.length - shown.length;
  return more > 0 ? [...shown, `${word}: ${more} more in the check's file`] : shown;
}

/** What the verdict rests on, and what it could not have seen. */
function evidence(check: GrowthCheck): string[] {
  const { minimumDetectable: least, rounds, operations, verifiedOperations = operations, seed, mode } = check;
  if (rounds.length === 0) return [];
  const parts = [
    least.instancesPerOperation === null ? '' : `${shortNumber(least.instancesPerOperation)} objects`,
    least.managedBytesPerOperation === null ? '' : `${humanBytes(least.managedBytesPerOperation)} managed`,
    least.nativeBytesPerOperation === null ? '' : `${humanBytes(least.nativeBytesPerOperation)} native`,
  ].filter((part) => part !== '');
  const verified = `verified to ${count(verifiedOperations, 'operation')}`;
  const lines = [
    parts.length === 0
      ? verified
      : `${verified}; the smallest leak this run could have seen: ${parts.join(', ')} per operation`,
    `${count(rounds.length, 'round')}, ${mode}, seed ${seed}${check.collected === false ? ', without collections' : ''}`,
  ];
  if (check.notMeasured?.length) lines.push(`not measured: ${check.notMeasured.map(harmless).join(', ')}`);
  return lines;
}
