import type { CaptureDetail } from '@firstchance/model';
import { humanBytes } from '@firstchance/model';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { MARK } from './capture-line.ts';
import { shortType } from './names.ts';
import { doingLines } from './show.ts';
import type { Style } from './style.ts';

/** An exception that flew by (-l): "firstchance throw InvalidOperationException: Cart is empty · thread 12 of 1234". */
export function exceptionLine(
  event: { pid: number; threadId: number; type: string; message: string | null; matched: boolean },
  style: Style,
): string {
  const message = event.message === null ? '' : `: ${harmless(event.message)}`;
  const text = `${shortType(event.type)}${message} · thread ${event.threadId} of ${event.pid}`;
  return fitEnd(`${MARK} throw${event.matched ? '*' : ''} ${text}`, Math.min(style.columns, 400));
}

/** A dump being written: "writing 0003: 120 MB of 2.5 GB, 5 %". */
export function progressLine(
  captureId: string,
  progress: { doneBytes?: number; totalBytes?: number },
  style: Style,
): string {
  const { doneBytes = 0, totalBytes } = progress;
  const total = totalBytes ? ` of ${humanBytes(totalBytes)}, ${Math.floor((doneBytes / totalBytes) * 100)} %` : '';
  return fitEnd(`${MARK} writing ${captureId.slice(0, 4)}: ${humanBytes(doneBytes)}${total}`, style.columns - 1);
}

/** All managed stacks of one capture, printed at a deadline. */
export function stackLines(detail: CaptureDetail, style: Style): string[] {
  const head = `${MARK} stacks of ${harmless(detail.process.name)} (pid ${detail.pid}): ${harmless(detail.trigger.detail || detail.trigger.kind)}`;
  return [style.paint.bold(head), ...doingLines(detail, style)];
}
