import type { AcceptedGrowth, CreatedIn, Growth, GrowthCheck, HarmlessGrowth } from '@firstchance/model';
import { advice, humanBytes, shownMethod } from '@firstchance/model';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { count } from '../text/count.ts';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { wrap } from '../text/wrap.ts';
import { channelValue, isBytes, shortNumber, signedAmount } from './amounts.ts';
import { createdInText } from './created-in-text.ts';
import { carrierNames, foldHeld, type Head, heldNames, subjectWithHeld } from './fold-held.ts';
import { foldedPath } from './folded-path.ts';
import { bytesOf, headline, nativeOwners, rateOf, subjectOf, verdictColour } from './headline.ts';
import { hasOwnCode } from './own-owner.ts';
import { ownerPart } from './owner-part.ts';
import { sparkline } from './sparkline.ts';

/** A log has no width, but a person reads it. */
const WIDEST = 160;
const SPARK_CELLS = 24;
const LEAST_FOR_ALL = 80;
/** Growth that is told with its path, and that stands in the table; the rest is in the file. */
const EXPLAINED = 3;
const TABLED = 12;
const HARMLESS_SHOWN = 5;
const DEEPEST = 10;
/** All that is told of a finished check, the verdict first. */
export function checkLines(check: GrowthCheck, style: Style): string[] {
  const columns = Math.min(style.columns, WIDEST);
  const prose = (line: string) => wrap(advice(line, style.reader), columns, '  ');
  const { paint } = style;
  // The verdict stays one line, however narrow the terminal: it is what is copied and searched for.
  const lines = [paint[verdictColour(check.verdict)](paint.bold(advice(headline(check), style.reader)))];
  if (check.cure) lines.push(...prose(`  ${harmless(check.cure)}`));
  if (check.growth.length > 0) {
    const heads = foldHeld(check.growth);
    lines.push('', ...table(growthColumns(check, columns), heads.slice(0, TABLED), { ...style, columns }));
    if (heads.length > TABLED) lines.push(`${heads.length - TABLED} more in the check's file`);
    for (const head of explained(heads)) lines.push(...explanation(head, style, columns));
  }
  const rest = [
    ...reasons('not certain', check.unsure ?? []),
    ...(check.accepted ?? []).map(accepted),
    ...reasons('harmless', check.harmless),
  ];
  if (rest.length > 0) lines.push('', ...rest.flatMap(prose));
  lines.push('', ...evidence(check).flatMap(prose).map(paint.dim));
  for (const note of check.notes ?? []) lines.push(...prose(`note: ${harmless(note)}`).map(paint.yellow));
  return lines;
}

/** The first few, each way of being held once: a type that grows with time as well is held in the same way. */
function explained(heads: readonly Head[]): readonly Head[] {
  const first = (head: Head) => heads.findIndex(({ fingerprint }) => fingerprint === head.fingerprint);
  return heads.slice(0, EXPLAINED).filter((head, at) => first(head) === at);
}

function accepted(growth: AcceptedGrowth): string {
  const where = growth.where ? ` [${harmless(growth.where)}]` : '';
  return `accepted: ${subjectOf(growth)} ${rateOf(growth)}: ${harmless(growth.why)}${where}`;
}

/** What says least goes first when there is little room. */
function growthColumns(check: GrowthCheck, columns: number): readonly Column<Head>[] {
  const spark: Column<Head> = {
    title: 'round by round',
    value: ({ channel, series }) =>
      sparkline(
        check.rounds.flatMap(({ phase, channels }, index) =>
          // The surge is so many operations that nothing before it would be seen beside it.
          phase === 'surge' ? [] : [series === undefined ? channelValue(channels, channel) : series[index]],
        ),
        SPARK_CELLS,
      ),
  };
  const grows: Column<Head> = { title: 'grows', value: subjectWithHeld, flex: 3 };
  const rate = (unit: string) => ({ value: (one: Head) => shownRate(one, unit), align: 'right' }) as const;
  // What follows time alone has no share of an operation.
  if (check.growth.every(({ follows }) => follows === 'time'))
    return [grows, { title: 'per second', ...rate('') }, ...(columns < LEAST_FOR_ALL ? [] : [spark])];
  return [
    grows,
    { title: 'per operation', ...rate('/s') },
    ...(columns < LEAST_FOR_ALL ? [] : [{ title: 'between', value: interval, align: 'right' } as const]),
    {
      title: 'bytes',
      value: (growth) => {
        const { nativeBytesPerOperation: native, follows } = growth;
        if (follows === 'time') return '-';
        const bytes = bytesOf(growth);
        return bytes === undefined && native === undefined ? '-' : humanBytes((bytes ?? 0) + (native ?? 0));
      },
      align: 'right',
    },
    ...(columns < LEAST_FOR_ALL ? [] : [spark]),
  ];
}

function shownRate({ channel, follows, perOperation, perRound, perSecond }: Growth, unit: string): string {
  const bytes = isBytes(channel);
  if (follows === 'time' && perSecond !== undefined) return `${signedAmount(perSecond, bytes)}${unit}`;
  if (follows === 'round' && perRound !== undefined) return `${signedAmount(perRound, bytes)}/round`;
  return signedAmount(perOperation, bytes);
}

/** Bounds are those of the rate per operation. */
function interval({ low, high, channel, follows }: Growth): string {
  if (follows !== undefined && follows !== 'operation') return '-';
  const shown = isBytes(channel) ? humanBytes : shortNumber;
  return `${shown(low)} … ${shown(high)}`;
}

/** Path from the root, container, pattern with its usual cure, and the fingerprint for a suppression. */
function explanation(growth: Head, { paint, reader }: Style, columns: number): string[] {
  const { path = [], container, pattern, cure, owner = [], createdIn, fingerprint } = growth;
  const lines = ['', paint.bold(fitEnd(subjectOf(growth), columns))];
  foldedPath(path).forEach((step, depth) => {
    // A path may be long: deeper than this it only grows downwards.
    const indent = '  '.repeat(Math.min(depth, DEEPEST) + 1);
    lines.push(fitEnd(`${indent}${depth === 0 ? '' : '→ '}${harmless(step)}`, columns));
  });
  if (createdIn && saysMore(createdIn, hasOwnCode(owner) ? owner : []))
    lines.push(...wrap(`  ${createdInText(createdIn)}`, columns, '  '));
  const made = madeWith(growth);
  if (!createdIn && !hasOwnCode(owner) && made?.createdIn)
    lines.push(...wrap(`  its ${subjectOf(made)} is ${createdInText(made.createdIn)}`, columns, '  '));
  if (growth.held.length > 0) lines.push(...wrap(`  holds ${heldNames(growth)}`, columns, '  '));
  if (growth.carriers.length > 0) lines.push(...wrap(`  on its path, as many: ${carrierNames(growth)}`, columns, '  '));
  for (const says of nativeOwners(growth)) lines.push(...wrap(`  ${harmless(says)}`, columns, '  '));
  if (container) lines.push(fitEnd(`  grows in ${harmless(container)}`, columns));
  lines.push(...allocation(growth, columns));
  const helps = [pattern, cure && advice(cure, reader)].filter(Boolean).join(': ');
  if (helps !== '') lines.push(...wrap(`  ${harmless(helps)}`, columns, '  ').map(paint.yellow));
  lines.push(paint.dim(`  fingerprint ${harmless(fingerprint).slice(0, 16)}`));
  return lines;
}

/** What comes with it and has a place where it is created; of threads their own objects say it best. */
function madeWith({ channel, held, carriers }: Head): Growth | undefined {
  const made = [...held, ...carriers].filter((one) => one.createdIn);
  const thread = channel === 'threads' ? made.find(({ type }) => type === 'System.Threading.Thread') : undefined;
  return thread ?? made[0];
}

/** The optimiser takes methods into their callers: then the sampled stack begins above the line that creates the objects. */
function saysMore({ places, sure }: CreatedIn, [allocating]: readonly string[]): boolean {
  const [place, ...others] = places;
  return (
    allocating === undefined ||
    (sure && others.length === 0 && !shownMethod(allocating).startsWith(shownMethod(place?.method ?? '')))
  );
}

/**
 * The place to look at on a line of its own, then how the program comes there. Of a small type that is not known; of the buffer
 * that it holds it may be.
 */
function allocation(growth: Head, columns: number): string[] {
  const parts = [growth, ...growth.held];
  const known = parts.find(({ owner }) => hasOwnCode(owner)) ?? parts.find(({ owner = [] }) => owner.length > 0);
  const created = [...parts, ...growth.carriers].some(({ createdIn }) => createdIn);
  if (created && !hasOwnCode(known?.owner)) return [];
  const [place, ...callers] = known?.owner ?? [];
  if (known === undefined || place === undefined) return [];
  const what = known === growth ? 'allocated by' : `its ${subjectOf(known)} is allocated by`;
  const called =
    callers.length === 0
      ? []
      : [fitEnd(`    called by ${callers.map((frame) => harmless(shownMethod(frame))).join(' ← ')}`, columns)];
  return [fitEnd(`  ${what} ${harmless(shownMethod(place))}${ownerPart(known)}`, columns), ...called];
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
  const seen =
    parts.length === 0 ? '' : `; the smallest leak this run could have seen: ${parts.join(', ')} per operation`;
  const lines = [
    // Where nothing grows the verdict's own sentence says so already.
    ...(check.reason.includes(verified) ? [] : [verified + seen]),
    `${count(rounds.length, 'round')}, ${mode}, seed ${seed}${check.collected === false ? ', without collections' : ''}`,
  ];
  if (check.notMeasured?.length) lines.push(`not measured: ${check.notMeasured.map(harmless).join(', ')}`);
  return lines;
}
