import type { CaptureRecord } from '../records.ts';
import { fitEnd, width } from '../text/fit.ts';
import { bytes, duration } from '../text/units.ts';
import { place, subject } from './names.ts';
import type { Style } from './style.ts';

/** Begins each line of ours that stands between the command's own output. */
export const MARK = 'firstchance';
const DOT = ' · ';
/** Without a terminal's width a message is still no novel. */
const LONGEST_SUBJECT = 160;
/** From here on there is room for the folder's whole name. */
const WIDE = 140;

/** One line per capture as it happens: what, where, how long the target stood still, how much was written, which folder. */
export function captureLine(capture: CaptureRecord, style: Style): string {
  const { paint } = style;
  const number = capture.id.slice(0, 4);
  const pause = capture.pauseMs === null ? 'pause not measured' : `paused ${duration(capture.pauseMs)}`;
  const size = capture.dump ? bytes(capture.dump.bytes) : 'no dump';
  const folder = style.columns >= WIDE ? `captures/${capture.id}` : `captures/${number}-*`;
  const method = capture.captureMethod === 'clone' ? [] : [`by ${capture.captureMethod}`];
  const tail = [pause, ...method, size, folder].join(DOT);
  const room = style.columns - width(`${MARK} ${number} ${DOT}${tail}`);
  const { what, where } = share(subject(capture), place(capture), room);
  return (
    `${paint.dim(MARK)} ${paint.bold(number)} ${paint.yellow(what)}${where === '' ? '' : DOT + where}` +
    `${DOT}${paint.dim(tail)}`
  );
}

/** Divides the room between subject and place: the place gives way first, then the subject is cut. */
function share(subjectText: string, placeText: string, room: number): { what: string; where: string } {
  const what = fitEnd(subjectText, LONGEST_SUBJECT);
  const forPlace = Math.max(room - width(what) - DOT.length, Math.min(Math.floor(room / 3), width(placeText)));
  if (forPlace < 6) return { what: fitEnd(what, room), where: '' };
  const where = fitEnd(placeText, forPlace);
  return { what: fitEnd(what, room - width(where) - DOT.length), where };
}
