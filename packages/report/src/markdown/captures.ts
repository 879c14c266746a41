import { type CaptureDetail, humanBytes, humanMs } from '@firstchance/model';
import type { CaptureEntry, ReadModel } from '../read-model/read-model.ts';
import { alike, alsoThere, stackKey } from '../text/alike.ts';
import { asyncRows, asyncText, holdsOwn } from '../text/async-rows.ts';
import { exceptionText, frameSource, stackText } from '../text/frames.ts';
import { hasOwnCode, ownFrame } from '../text/own-code.ts';
import { captureTitle, testTitle } from '../text/titles.ts';
import { code, codeBlock } from './escape.ts';
import { markdownTable } from './table.ts';

const MOST_ROWS = 200;
const MOST_DETAILS = 50;
const MOST_THREADS = 8;
const MOST_WAITING = 30;

/** One row per capture, the worst first. */
export function capturesTable({ captures, removed, totals }: ReadModel): string[] {
  const gone = removed > 0 ? `\n\n${removed} more of passed tests were removed (--keep all keeps them).` : '';
  if (captures.length === 0) return gone === '' ? [] : [`### Captures${gone}`];
  const rows = captures.slice(0, MOST_ROWS).map((entry) => {
    const { record } = entry;
    const frame = record.exception ? ownFrame(record.exception.stack) : undefined;
    return [
      code(record.id.slice(0, 4)),
      code(captureTitle(entry.record), 200),
      code(testTitle(record) ?? record.process.name, 160),
      frame ? code(frameSource(frame), 100) : '',
      record.pauseMs === null ? '?' : humanMs(record.pauseMs),
      record.dump ? humanBytes(record.dump.bytes) : 'no dump',
    ];
  });
  const titles = ['#', 'exception or trigger', 'test or process', 'where', 'pause', 'dump'];
  return [`### Captures\n\n${markdownTable(titles, rows, totals.captures)}${gone}`];
}

/** Exception and stack of each capture, folded. */
export function* captureSections({ captures }: ReadModel): Generator<string> {
  for (const entry of captures.slice(0, MOST_DETAILS)) {
    const body = captureBody(entry);
    const title = `${code(entry.record.id.slice(0, 4))} ${code(captureTitle(entry.record), 160)}`;
    if (body !== '') yield `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
  }
}

/** Without an exception: the program's methods that wait, and the stacks of its own threads. */
function doing(detail: CaptureDetail | null): string[] {
  const waiting = asyncRows((detail?.awaiting ?? []).filter(holdsOwn), { test: detail?.test ?? null }).map(
    (row) => `${'  '.repeat(row.depth)}${asyncText(row)}`,
  );
  const more = waiting.length > MOST_WAITING ? [`… ${waiting.length - MOST_WAITING} more`] : [];
  const busy = (detail?.threads ?? []).filter(({ stack }) => hasOwnCode(stack));
  return [
    ...(waiting.length > 0 ? [['waiting async methods', ...waiting.slice(0, MOST_WAITING), ...more]] : []),
    ...alike(busy, ({ stack }) => stackKey(stack))
      .slice(0, MOST_THREADS)
      .flatMap(([thread, ...same]) =>
        thread === undefined
          ? []
          : [[`thread ${thread.osId} ${thread.name ?? ''}${alsoThere(same)}`, ...stackText(thread.stack, 20)]],
      ),
  ].map((lines) => codeBlock(lines));
}

function captureBody({ record, detail }: CaptureEntry): string {
  const parts: string[] = [];
  if (record.exception) parts.push(codeBlock(exceptionText(record.exception, 30)));
  else parts.push(...doing(detail()));
  if (record.dump) parts.push(`${code(record.dump.path, 300)}`);
  return parts.join('\n\n');
}
