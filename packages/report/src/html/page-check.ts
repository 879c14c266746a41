import {
  type Channels,
  type Growth,
  type GrowthCheck,
  type HarmlessGrowth,
  PHASES,
  type Round,
  shownType,
} from '@firstchance/model';
import { shownPath } from '../growth/folded-path.ts';
import { bytesOf, holderOf, nativeOf } from '../growth/headline.ts';
import type { CheckEntry } from '../read-model/read-model.ts';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import { checkTitle, growthTitle } from '../text/titles.ts';
import { pageCreatedIn } from './page-created-in.ts';
import type { PageCheck, PageGrowth, PageRounds } from './page-data.ts';

const MOST_GROWTH = 50;
/** Each is as large as a channel of the rounds. */
const MOST_SERIES = 8;

export function pageCheck(entry: CheckEntry, check: GrowthCheck | null, rounds: PageRounds | null): PageCheck {
  const { record } = entry;
  const minimum = check?.minimumDetectable;
  return {
    ...{
      id: line(record.id),
      title: line(checkTitle(entry)),
      verdict: record.verdict,
      reason: line(record.reason),
      path: line(record.path),
    },
    ...{ mode: check?.mode ?? '', operations: check?.operations ?? 0, seed: check?.seed ?? 0 },
    growth: (check?.growth ?? [])
      .slice(0, MOST_GROWTH)
      .map((growth, at) => pageGrowth(growth, rounds !== null && at < MOST_SERIES)),
    harmless: (check?.harmless ?? []).slice(0, MOST_GROWTH).map((growth) => pageGrowth(growth, false)),
    minimum: minimum
      ? [minimum.instancesPerOperation, minimum.managedBytesPerOperation, minimum.nativeBytesPerOperation]
      : [],
    rounds,
  };
}

function pageGrowth(growth: Growth | HarmlessGrowth, withSeries: boolean): PageGrowth {
  const { container, pattern, createdIn } = growth;
  const type = growth.type && shownType(growth.type, createdIn);
  const bytesPerOperation = bytesOf(growth) ?? null;
  const holder = holderOf(growth);
  return {
    ...{ channel: line(growth.channel), title: line(growthTitle(growth)), type: type ? line(type) : null },
    ...{ perOperation: growth.perOperation, bytesPerOperation, low: growth.low, high: growth.high },
    container: container ? line(container) : null,
    holder: holder === undefined ? null : line(holder),
    path: shownPath(growth.path ?? [])
      .slice(0, 60)
      .map((step) => line(step)),
    owner: (growth.owner ?? []).slice(0, 30).map((frame) => line(frame)),
    native: line(growth.nativeOwner?.says ?? nativeOf(growth)),
    pattern: pattern ? line(pattern) : null,
    cure: line(growth.cure ?? ''),
    fingerprint: line(growth.fingerprint, 100),
    createdIn: pageCreatedIn(growth),
    why: 'why' in growth ? line(growth.why) : '',
    series: withSeries && growth.series ? differences(growth.series) : null,
  };
}

/** Rounds by column; differences are shorter than the values themselves. */
export function pageRounds(rounds: readonly Round[]): PageRounds {
  const flat = rounds.map(({ channels }) => flatten(channels));
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return {
    phase: rounds.map(({ phase }) => PHASES.indexOf(phase)),
    dose: rounds.map(({ dose }) => dose),
    durationMs: rounds.map(({ durationMs }) => Math.round(durationMs)),
    pauseMs: rounds.map(({ pauseMs }) => Math.round(pauseMs * 10) / 10),
    channels: names.map((name) => [name, differences(flat.map((one) => one.get(name) ?? null))]),
  };
}

/** "privateBytes.gcHeap" beside "managedBytes". */
function flatten(channels: Channels): Map<string, number> {
  const entries = Object.entries(channels).flatMap(([name, value]): [string, number][] =>
    typeof value === 'number'
      ? [[name, value]]
      : Object.entries(value ?? {}).map(([part, amount]): [string, number] => [`${name}.${part}`, amount]),
  );
  return new Map(entries);
}

function differences(values: readonly (number | null)[]): (number | null)[] {
  let before = 0;
  return values.map((value) => {
    if (value === null) return null;
    const difference = value - before;
    before = value;
    return difference;
  });
}

function line(text: string, longest = 600): string {
  return limit(harmless(text), longest);
}
