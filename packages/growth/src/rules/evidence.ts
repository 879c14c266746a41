import type { Sample } from '../series/sample.ts';
import { bytesSeries, channelSeries, type Series, typeSeries, withoutJumps } from '../series/series.ts';

/** Steps after the measured rounds, as positions in `samples`. */
export interface Marks {
  /** Last measured round. */
  readonly measured: number;
  readonly idle: readonly number[];
  /** Large doses. */
  readonly surge: readonly number[];
  /** Usual doses after them. */
  readonly after: readonly number[];
}

/** Everything from the last round of the warm-up to the end. */
export class Evidence {
  private readonly series: ReadonlyMap<string, Series>;

  constructor(
    readonly samples: readonly Sample[],
    readonly marks: Marks,
    /** Operations of the warm-up. */
    readonly operationsBefore: number,
  ) {
    const { integers, bytes } = channelSeries(samples);
    const types = typeSeries(samples);
    const stepped = types.flatMap((one) => bytesSeries(one) ?? []);
    const all = [...integers, ...bytes, ...types, ...stepped];
    this.series = new Map(all.map((one) => [identity(one), one]));
  }

  /** Position of the first large dose that follows usual ones; infinite where there is none. */
  get secondSurge(): number {
    const { surge, after } = this.marks;
    const [first = Number.POSITIVE_INFINITY] = after;
    return surge.find((at) => at > first) ?? Number.POSITIVE_INFINITY;
  }

  get hasSecondSurge(): boolean {
    return this.secondSurge < Number.POSITIVE_INFINITY;
  }

  levels(series: Series): readonly number[] {
    return withoutJumps(this.series.get(identity(series))?.levels ?? this.unchanged(series), series.jumps);
  }

  /** What did not change since the warm-up is no series here: its array was large enough for all rounds. */
  private unchanged({ levels }: Series): readonly number[] {
    return this.samples.map((_, at) => levels[at] ?? levels.at(-1) ?? 0);
  }

  bytes(series: Series): readonly number[] | undefined {
    return this.series.get(identity(series))?.bytes ?? series.bytes;
  }

  /** Instances of the type whose bytes this series is. */
  objects({ type, module }: Series): readonly number[] {
    const counted = [...this.series.values()].find(
      (one) => one.channel === 'instances' && one.group === undefined && one.type === type && one.module === module,
    );
    return counted?.levels ?? [];
  }

  growth(levels: readonly number[], positions: readonly number[]): number {
    return positions.reduce((total, at) => total + (levels[at] ?? 0) - (levels[at - 1] ?? 0), 0);
  }

  /** Most by which the objects of any one type rose at these positions over where they were at `from`. */
  mostObjects(from: number, positions: readonly number[]): number {
    const rises = [...this.series.values()].map(({ channel, type, levels }) =>
      channel !== 'instances' || type === undefined
        ? 0
        : Math.max(0, ...positions.map((at) => levels[at] ?? 0)) - (levels[from] ?? 0),
    );
    return rises.reduce((most, rise) => Math.max(most, rise), 0);
  }

  operations(positions: readonly number[]): number {
    return positions.reduce((total, at) => total + (this.samples[at]?.step.dose ?? 0), 0);
  }

  wallMs(positions: readonly number[]): number {
    return positions.reduce((total, at) => total + (this.samples[at]?.wallMs ?? 0), 0);
  }

  working(positions: readonly number[]): number {
    return positions.filter((at) => (this.samples[at]?.step.dose ?? 0) > 0).length;
  }

  /** Measured rounds, or those of them without operations. */
  measured(onlyIdle = false): number[] {
    const positions = Array.from({ length: this.marks.measured }, (_, at) => at + 1);
    return onlyIdle ? positions.filter((at) => this.samples[at]?.step.dose === 0) : positions;
  }
}

export function identity({ channel, type, module, group }: Series): string {
  return [channel, type, module, group].join('\u0000');
}
