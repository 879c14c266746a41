import { humanBytes, shownType } from '@firstchance/model';
import { isFailed } from '../read-model/order.ts';
import { MEMORY_CATEGORIES, type ReadModel } from '../read-model/read-model.ts';
import { count } from '../text/count.ts';
import { skipReason } from '../text/skip-reasons.ts';
import { titleOf } from '../text/titles.ts';
import { code, words } from './escape.ts';
import { markdownTable } from './table.ts';

const SOME = 30;

/** Tests that failed; the runner tells them too, but not with what was captured in them. */
export function testSection({ tests, totals }: ReadModel): string[] {
  const failed = tests.filter(isFailed);
  if (failed.length === 0) return [];
  const rows = failed
    .slice(0, SOME)
    .map(({ record, captureIds }) => [
      code(titleOf(record).join(' > '), 300),
      record.state,
      captureIds.map((id) => code(id.slice(0, 4))).join(' '),
    ]);
  return [`### Failed tests\n\n${markdownTable(['test', 'state', 'captures'], rows, totals.failedTests)}`];
}

/** Tests that left most behind. */
export function ledgerSection({ ledger, totals }: ReadModel): string[] {
  const grown = ledger.filter(({ bytes }) => bytes > 0);
  if (grown.length === 0) return [];
  const rows = grown
    .slice(0, SOME)
    .map(({ title, merged, bytes, instances, left }) => [
      title === null
        ? 'no test'
        : `${code(title.join(' > '), 200)}${merged.length > 0 ? ` and ${count(merged.length, 'test')} more` : ''}`,
      humanBytes(bytes),
      String(instances),
      left[0] ? code(`${left[0].instances} ${shownType(left[0].type)}`, 200) : '',
    ]);
  const titles = ['test', 'left behind', 'objects', 'most of it'];
  return [`### What tests left in memory\n\n${markdownTable(titles, rows, totals.ledgerGrown)}`];
}

/** Memory by category at the first and at the last census. */
export function memorySection({ memory }: ReadModel): string[] {
  const [first] = memory;
  const last = memory.at(-1);
  if (!first || !last || first === last) return [];
  const rows = MEMORY_CATEGORIES.flatMap((category) => {
    const [from, to] = [first.categories[category], last.categories[category]];
    return from === undefined || to === undefined
      ? []
      : [[category, humanBytes(from), humanBytes(to), `${to >= from ? '+' : '−'}${humanBytes(Math.abs(to - from))}`]];
  });
  if (rows.length === 0) return [];
  return [`### Memory\n\n${markdownTable(['category', 'first', 'last', 'change'], rows, rows.length)}`];
}

/** What firstchance could not do, and what would help. */
export function problemSection({ problems, unreadable, totals }: ReadModel): string[] {
  if (problems.length + unreadable.length === 0) return [];
  const lines = [
    ...problems.slice(0, SOME).map(({ what, where, why, cure }) => {
      const place = where === '' ? '' : ` (${where})`;
      return `- ${words(`${what}${place}: ${why}`, 600)}${cure === '' ? '' : `<br>${words(cure, 300)}`}`;
    }),
    ...unreadable.slice(0, SOME).map((sentence) => `- ${words(sentence, 600)}`),
  ];
  const total = totals.problems + totals.unreadable;
  const more = total > SOME ? [`- and ${total - SOME} more`] : [];
  return [`### Problems\n\n${[...lines.slice(0, SOME), ...more].join('\n')}`];
}

export function skippedSection({ skipped }: ReadModel): string[] {
  if (skipped.length === 0) return [];
  const lines = skipped.slice(0, SOME).map(({ why, count: times }) => `- ${times} × ${words(skipReason(why), 200)}`);
  return [`### Not captured\n\n${lines.join('\n')}`];
}
