import { channelName, humanMs, shownType } from '@firstchance/model';
import { MARK } from '../terminal/capture-line.ts';
import type { Style } from '../terminal/style.ts';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { isBytes, signedAmount } from './amounts.ts';

/** What a check does now. */
export interface GrowthProgress {
  readonly done: number;
  readonly expected: number;
  readonly phase: string;
  readonly suspects: readonly { readonly channel: string; readonly type?: string; readonly perOperation: number }[];
  readonly leftMs: number | null;
}

const SUSPECTS_SHOWN = 2;

/** "firstchance check 7/14 measure · suspected: Shop.Session +1.00 · about 12 s left", cut to the width. */
export function growthProgressLine(progress: GrowthProgress, style: Style): string {
  const { done, expected, phase, suspects, leftMs } = progress;
  const shown = suspects
    .slice(0, SUSPECTS_SHOWN)
    .map(
      ({ type, channel, perOperation }) =>
        `${type === undefined ? channelName(channel) : harmless(shownType(type))} ${signedAmount(perOperation, isBytes(channel))}`,
    );
  const more = suspects.length - shown.length;
  const suspected =
    shown.length === 0 ? 'nothing suspected' : `suspected: ${shown.join(', ')}${more > 0 ? `, ${more} more` : ''}`;
  const left = leftMs === null || phase === 'end' ? '' : `about ${roughly(leftMs)} left`;
  const head = `${MARK} check ${done}/${Math.max(done, expected)} ${phase}`;
  // What is left is short and wanted: a long type name gives way to it.
  const room = style.columns - 1 - head.length - (left === '' ? 0 : left.length + 3) - 3;
  return fitEnd(
    [head, fitEnd(suspected, Math.max(10, room)), left].filter((part) => part !== '').join(' · '),
    style.columns - 1,
  );
}

/** An estimate has no tenths of a second. */
function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : humanMs(ms);
}
