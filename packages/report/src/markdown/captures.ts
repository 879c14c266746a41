import { humanBytes, humanMs } from '@firstchance/model';
import type { CaptureEntry, ReadModel } from '../read-model/read-model.ts';
import { doingText, standsAt } from '../text/doing.ts';
import { exceptionText, frameSource } from '../text/frames.ts';
import { ownFrame } from '../text/own-code.ts';
import { captureTitle, testTitle } from '../text/titles.ts';
import { code, codeBlock } from './escape.ts';
import { markdownTable } from './table.ts';

const MOST_ROWS = 200;
const MOST_DETAILS = 50;

/** One row per capture, the worst first. */
export function capturesTable({ captures, removed, totals }: ReadModel): string[] {
  const gone = removed > 0 ? `\n\n${removed} more of passed tests were removed (--keep all keeps them).` : '';
  if (captures.length === 0) return gone === '' ? [] : [`### Captures${gone}`];
  const rows = captures.slice(0, MOST_ROWS).map((entry) => {
    const { record } = entry;
    return [
      code(record.id.slice(0, 4)),
      code(captureTitle(entry.record), 200),
      code(testTitle(record) ?? record.process.name, 160),
      where(entry),
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

/** File and line of the program, else its method. */
function where({ record, detail }: CaptureEntry): string {
  if (record.exception) {
    const frame = ownFrame(record.exception.stack);
    return frame ? code(frameSource(frame), 100) : '';
  }
  const doing = detail();
  const place = doing === null ? undefined : standsAt(doing);
  return place ? code(frameSource(place) || place.method, 100) : '';
}

function captureBody({ record, detail }: CaptureEntry): string {
  const parts: string[] = [];
  const doing = record.exception ? null : detail();
  if (record.exception) parts.push(codeBlock(exceptionText(record.exception, 30)));
  if (doing) parts.push(...doingText(doing).map((lines) => codeBlock(lines)));
  if (record.dump) parts.push(`${code(record.dump.path, 300)}`);
  return parts.join('\n\n');
}
