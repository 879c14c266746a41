import type { GrowthFinding } from '../plan/conclusion.ts';
import type { Decision } from '../rules/decide.ts';
import { isBytes } from '../series/series.ts';
import type { Window } from '../series/window.ts';

/** One decision as it is reported. */
export function finding({ judgement, follows, rate, perSecond }: Decision, window: Window): GrowthFinding {
  const { series, low, high, perRound } = judgement;
  const bytes = bytesPerOperation(judgement, window, rate);
  return {
    channel: series.channel,
    ...(series.type === undefined ? {} : { type: series.type }),
    ...(series.module === undefined || series.module === '' ? {} : { module: series.module }),
    perOperation: rate,
    ...(bytes === null ? {} : { bytesPerOperation: bytes }),
    low: Math.min(low, rate),
    high: Math.max(high, rate),
    follows,
    ...(follows === 'round' ? { perRound } : {}),
    ...(follows === 'time' && perSecond !== undefined ? { perSecond } : {}),
  };
}

function bytesPerOperation({ series, total }: Decision['judgement'], window: Window, rate: number): number | null {
  if (isBytes(series.channel)) return rate;
  const { bytes } = series;
  if (bytes === undefined || total <= 0) return null;
  void window;
  return Math.max(0, (((bytes.at(-1) ?? 0) - (bytes[0] ?? 0)) / total) * rate);
}

/** Own types first, then by bytes, then by number. */
export function byImportance(a: Decision, b: Decision, window: Window): number {
  const own = Number(b.judgement.series.own) - Number(a.judgement.series.own);
  if (own !== 0) return own;
  const [one, other] = [finding(a, window), finding(b, window)];
  return (other.bytesPerOperation ?? 0) - (one.bytesPerOperation ?? 0) || other.perOperation - one.perOperation;
}
