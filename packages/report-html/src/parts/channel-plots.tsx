import type { PageGrowth, PageRounds } from '@firstchance/report';
import { useMemo } from 'preact/hooks';
import { channelValues, cumulative, PHASES } from '../logic/data.ts';
import { channelTitle, formatValue } from '../logic/format.ts';
import { Plot, type Series } from './plot.tsx';

/** Every channel twice: its level from round to round, and what a round added against the operations in it. */
export function ChannelPlots({ rounds, growth }: { rounds: PageRounds; growth: readonly PageGrowth[] }) {
  const judged = new Set(growth.map(({ channel }) => channel));
  const channels = rounds.channels
    .map(([channel, differences]) => ({ channel, values: channelValues(differences) }))
    .sort((a, b) => Number(judged.has(b.channel)) - Number(judged.has(a.channel)));
  const still = channels.filter(({ values }) => new Set(values).size === 1);
  return (
    <section>
      <h2>Measured</h2>
      <p class="dim">
        Each channel twice: its level at the end of each round, where warm-up, idle and surge lie in shade; and what
        each measured round added, against the operations in it, with the slope and its bound where one was judged.
      </p>
      {channels
        .filter((one) => !still.includes(one))
        .map(({ channel, values }) => (
          <div key={channel} class="card channel">
            <h3>{channelTitle(channel)}</h3>
            <LevelAndDose
              {...{ channel, values, rounds }}
              title={channelTitle(channel)}
              growth={growth.find((one) => one.channel === channel && !isOfOneType(one))}
            />
          </div>
        ))}
      {still.length > 0 && (
        <div class="card">
          <h3>The same in every round</h3>
          <p>{still.map(({ channel, values }) => told(channel, values[0] ?? null)).join(' · ')}</p>
        </div>
      )}
    </section>
  );
}

/** The rounds hold the total of all types: the slope of one type does not belong into that plot. */
function isOfOneType({ channel, type }: PageGrowth): boolean {
  return channel === 'instances' && type !== null;
}

function told(channel: string, value: number | null): string {
  return `${channelTitle(channel)} ${value === null ? 'not measured' : formatValue(channel, value)}`;
}

interface LevelAndDoseProps {
  readonly title: string;
  /** Names the unit. */
  readonly channel: string;
  readonly values: readonly (number | null)[];
  readonly rounds: PageRounds;
  readonly growth: PageGrowth | undefined;
}

/** Two plots side by side: the level from round to round, and what a round added. */
export function LevelAndDose({ title, channel, values, rounds, growth }: LevelAndDoseProps) {
  const { x, series, shades } = useMemo(() => level(channel, values, rounds), [channel, values.length, rounds]);
  const dose = useMemo(() => overDose(values, rounds, growth), [values.length, rounds, growth]);
  return (
    <div class="sides">
      <Plot
        label={`${title} over the rounds`}
        x={x}
        xLabel="operations so far"
        series={series}
        shades={shades}
        channel={channel}
      />
      {dose.x.length > 1 && (
        <Plot
          label={`${title}: what a round added, against the operations in it`}
          x={dose.x}
          xLabel="operations in the round"
          series={dose.series}
          channel={channel}
          {...(growth ? { band: [2, 1] as const } : {})}
        />
      )}
    </div>
  );
}

function level(channel: string, values: readonly (number | null)[], { dose, phase }: PageRounds) {
  const done = cumulative(dose);
  // A round without operations would stand above the one before: the axis counts it as a small step.
  const step = Math.max(1, Math.round((done.at(-1) ?? 0) / dose.length / 2));
  let idle = 0;
  const x = done.map((sum, index) => {
    if (dose[index] === 0) idle += step;
    return sum + idle;
  });
  const shades: { from: number; to: number; label: string }[] = [];
  for (const [index, kind] of phase.entries()) {
    const name = PHASES[kind] ?? '';
    if (name === 'measure') continue;
    const last = shades.at(-1);
    const from = index === 0 ? (x[0] ?? 0) - 1 : ((x[index - 1] ?? 0) + (x[index] ?? 0)) / 2;
    const to = index + 1 < x.length ? ((x[index] ?? 0) + (x[index + 1] ?? 0)) / 2 : (x[index] ?? 0) + 1;
    if (last && last.label === name && last.to === from) last.to = to;
    else shades.push({ from, to, label: name });
  }
  const series: Series[] = [{ label: channel, values, colour: 'series1', kind: 'line' }];
  return { x, series, shades };
}

/** Points (dose, change); the line is the slope that was judged, through the middle of the points. */
function overDose(values: readonly (number | null)[], { dose, phase }: PageRounds, growth: PageGrowth | undefined) {
  const points = values.flatMap((value, index): [number, number][] => {
    const before = values[index - 1];
    return PHASES[phase[index] ?? 0] === 'measure' && typeof value === 'number' && typeof before === 'number'
      ? [[dose[index] ?? 0, value - before]]
      : [];
  });
  points.sort((a, b) => a[0] - b[0]);
  const series: Series[] = [
    { label: 'added', values: points.map(([, added]) => added), colour: 'series1', kind: 'points' },
  ];
  if (!growth) return { x: spread(points), series };
  const rests = points.map(([operations, added]) => added - growth.perOperation * operations).sort((a, b) => a - b);
  const start = rests[Math.floor(rests.length / 2)] ?? 0;
  const middle = points.reduce((sum, [operations]) => sum + operations, 0) / Math.max(1, points.length);
  const line = (slope: number) =>
    points.map(([operations]) => start + growth.perOperation * middle + slope * (operations - middle));
  series.push(
    { label: 'low', values: line(growth.low), colour: 'accent', kind: 'dashes' },
    { label: 'high', values: line(growth.high), colour: 'accent', kind: 'dashes' },
    { label: 'slope', values: line(growth.perOperation), colour: 'accent', kind: 'dashes' },
  );
  return { x: spread(points), series };
}

/** A plot needs rising x: points of equal dose stand beside each other, a hair apart. */
function spread(points: readonly (readonly [number, number])[]): number[] {
  const widest = points.at(-1)?.[0] ?? 1;
  const seen = new Map<number, number>();
  return points.map(([operations]) => {
    const times = seen.get(operations) ?? 0;
    seen.set(operations, times + 1);
    return operations + (times * Math.max(1, widest)) / 400;
  });
}
