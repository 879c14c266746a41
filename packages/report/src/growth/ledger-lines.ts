import { type CensusRecord, humanBytes } from '@firstchance/model';
import { shortType } from '../terminal/names.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { harmless } from '../text/harmless.ts';

const SHOWN = 10;
const WIDEST = 160;

/** What tests left behind, most bytes first. Nothing when no test left anything. */
export function ledgerLines(records: readonly CensusRecord[], style: Style): string[] {
  const rows = records
    .map((record) => ({ record, bytes: record.left.reduce((sum, type) => sum + type.bytes, 0) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
  if (rows.length === 0) return records.length === 0 ? [] : ['ledger: no test left anything behind'];
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { title: 'left behind by', value: ({ record }) => testsOf(record), flex: 3 },
    { title: 'bytes', value: ({ bytes }) => humanBytes(bytes), align: 'right' },
    { title: 'most of it', value: ({ record }) => mostOf(record), flex: 2 },
  ];
  const lines = table(columns, rows.slice(0, SHOWN), { ...style, columns: Math.min(style.columns, WIDEST) });
  if (rows.length > SHOWN) lines.push(style.paint.dim(`${rows.length - SHOWN} more in manifest.jsonl (record census)`));
  return lines;
}

/** The test, or of several that share a reading the last one and how many more. */
function testsOf({ testId, merged, candidates }: CensusRecord): string {
  const name = harmless(testId ?? 'nobody knows');
  if (merged.length > 0) return `${name} and ${merged.length} before it`;
  return candidates > 1 ? `${name}, or one of ${candidates - 1} that ran then` : name;
}

function mostOf({ left }: CensusRecord): string {
  return left
    .slice(0, 2)
    .map(({ type, instances }) => `${shortType(type)} +${instances}`)
    .join(', ');
}
