import type { CaptureRecord } from '@firstchance/model';
import { humanBytes, humanMs } from '@firstchance/model';
import { fitEnd, width } from '../text/fit.ts';
import { place, shortPlace, subject } from './names.ts';
import type { Style } from './style.ts';

/** Begins each line of ours that stands between the command's own output. */
export const MARK = 'firstchance';
const NARROW_MARK = '>>';
const DOT = ' · ';
/** Without a terminal's width a message is still no novel. */
const LONGEST_SUBJECT = 160;
/** From here on there is room for words and for the folder's whole name. */
const WIDE = 140;

/** One line per capture as it happens: what, where, how long the target stood still, how much was written, which folder. */
export function captureLine(capture: CaptureRecord, style: Style): string {
  const { paint } = style;
  const wide = style.columns >= WIDE;
  const mark = wide ? `${MARK} ${capture.id.slice(0, 4)}` : NARROW_MARK;
  const tail = facts(capture, wide).join(DOT);
  const room = style.columns - width(`${mark} ${DOT}${tail}`);
  const { what, where } = share(subject(capture), wide ? place(capture) : shortPlace(capture), room);
  const middle = where === '' ? paint.yellow(what) : paint.yellow(what) + DOT + where;
  return `${paint.dim(mark)} ${middle}${DOT}${paint.dim(tail)}`;
}

function facts({ id, pauseMs, captureMethod, dump }: CaptureRecord, wide: boolean): string[] {
  const pause = pauseMs === null ? (wide ? 'pause not measured' : 'pause ?') : humanMs(pauseMs);
  return [
    wide && pauseMs !== null ? `paused ${pause}` : pause,
    ...(captureMethod === 'clone' ? [] : [wide ? `by ${captureMethod}` : captureMethod]),
    dump ? humanBytes(dump.bytes) : 'no dump',
    wide ? `captures/${id}` : `captures/${id.slice(0, 4)}-*`,
  ];
}

/** Divides the room: the subject gets two thirds or what the place leaves, whichever is more; a place too short is left out. */
function share(subjectText: string, placeText: string, room: number): { what: string; where: string } {
  const what = fitEnd(subjectText, LONGEST_SUBJECT);
  const forPlace = Math.max(room - width(what) - DOT.length, Math.floor(room / 3) - DOT.length);
  const where = forPlace < 6 ? '' : fitEnd(placeText, forPlace);
  return { what: fitEnd(what, where === '' ? room : room - width(where) - DOT.length), where };
}
