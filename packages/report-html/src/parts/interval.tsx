import type { PageGrowth } from '@firstchance/report';
import { formatRate } from '../logic/format.ts';

/** The slope with its bound on a line that begins at zero: how far from "does not grow" it is. */
export function Interval({ growth }: { growth: PageGrowth }) {
  const { low, high, perOperation, channel } = growth;
  const from = Math.min(0, low);
  const to = Math.max(0, high, perOperation) || 1;
  const place = (value: number) => 8 + ((value - from) / (to - from || 1)) * 284;
  const text = `${formatRate(channel, perOperation)} per operation, between ${formatRate(channel, low)} and ${formatRate(channel, high)}`;
  return (
    <figure class="interval">
      <svg viewBox="0 0 300 34" role="img" aria-label={text}>
        <line class="axis" x1="0" x2="300" y1="17" y2="17" />
        <line class="zero" x1={place(0)} x2={place(0)} y1="5" y2="29" />
        <rect x={place(low)} width={Math.max(2, place(high) - place(low))} y="11" height="12" rx="3" />
        <circle cx={place(perOperation)} cy="17" r="5" />
      </svg>
      <figcaption>
        <b>{formatRate(channel, perOperation)}</b> per operation
        <span class="dim">
          {' '}
          ({formatRate(channel, low)} to {formatRate(channel, high)})
        </span>
      </figcaption>
    </figure>
  );
}
