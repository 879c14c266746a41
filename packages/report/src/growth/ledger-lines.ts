import { bytesLeft, type CensusRecord, humanBytes, shownType } from '@firstchance/model';
import { shortType } from '../terminal/names.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { harmless } from '../text/harmless.ts';
import { isOwnType } from '../text/own-code.ts';

const SHOWN = 10;
const WIDEST = 160;
const TYPES_SHOWN = 3;
/** Part of the bytes from which an own type is named first. Less is what a library of the runner makes once, beside any leak. */
const TELLING = 0.01;

/**
 * What tests left behind, most bytes first. Nothing when no test was read.
 * @param titleOf of a test's id, where that is no name
 */
export function ledgerLines(
  records: readonly CensusRecord[],
  style: Style,
  titleOf = (testId: string) => testId,
): string[] {
  const rows = records
    .map((record) => ({ record, bytes: bytesLeft(record) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  if (rows.length === 0) return records.length === 0 ? [] : ['ledger: no test left anything behind'];
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: 'left behind by', value: ({ record }) => testsOf(record, titleOf), flex: 3 },
    { title: 'bytes', value: ({ bytes }) => humanBytes(bytes), align: 'right' },
    { title: 'most of it', value: ({ record }) => mostOf(record), flex: 2 },
  ];
  const lines = table(columns, rows.slice(0, SHOWN), { ...style, columns: Math.min(style.columns, WIDEST) });
  if (rows.length > SHOWN) lines.push(style.paint.dim(`${rows.length - SHOWN} more in manifest.jsonl (record census)`));
  return lines;
}

/** The test, or of several that share a reading the last one and how many more. */
function testsOf({ testId, merged, candidates }: CensusRecord, titleOf: (testId: string) => string): string {
  const name = harmless(testId === null ? 'nobody knows' : titleOf(testId));
  if (merged.length > 0) return `${name} and ${merged.length} before it`;
  return candidates > 1 ? `${name}, or one of ${candidates - 1} that ran then` : name;
}

/** Own types first: they say most, where they are part of what is told. */
function mostOf(record: CensusRecord): string {
  const least = TELLING * bytesLeft(record);
  const left = record.left.toSorted((one, other) => other.bytes - one.bytes);
  const own = left.filter(({ type, module, bytes }) => isOwnType(type, module) && bytes >= least);
  return [...own, ...left.filter((one) => !own.includes(one))]
    .slice(0, TYPES_SHOWN)
    .map(({ type, instances }) => `${shortType(shownType(type))} +${instances}`)
    .join(', ');
}
