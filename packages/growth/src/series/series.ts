import { familyName } from '@firstchance/model';
import { sum } from '../statistics/order.ts';
import { isOwn } from './family.ts';
import { amount, type Sample, splitKey } from './sample.ts';

/** One thing that may grow: its level before the first measured round and after each step. */
export interface Series {
  readonly channel: string;
  readonly type?: string;
  readonly module?: string;
  /** A family of types or a whole module, reported only where no single type explains it. */
  readonly group?: 'family' | 'module';
  readonly own: boolean;
  readonly levels: readonly number[];
  /** Of types: bytes, beside instances. */
  readonly bytes?: readonly number[];
  /** Of native bytes: what the runtime took or freed at once, and is left out of the levels. */
  readonly jumps?: readonly Jump[];
}

/** Bytes of an arena that came (or went, below 0) in the step at this position of the levels. */
export interface Jump {
  readonly at: number;
  readonly bytes: number;
}

/** As if these arenas had never come or gone. */
export function withoutJumps(levels: readonly number[], jumps: readonly Jump[] = []): readonly number[] {
  if (jumps.length === 0) return levels;
  return levels.map((level, at) => level - sum(jumps.filter((jump) => jump.at <= at).map(({ bytes }) => bytes)));
}

export const INTEGER_CHANNELS = ['handles', 'threads', 'fileDescriptors', 'sockets', 'mappings'] as const;
export const BYTE_CHANNELS = [
  'managedBytes',
  'mallocBytes',
  'mappedBytes',
  'privateBytes.loader',
  'privateBytes.jit',
  'privateBytes.stacks',
  'privateBytes.other',
] as const;
/** Judged only where malloc's own figures are missing: arenas keep what was freed. */
const MALLOC_PAGES = 'privateBytes.malloc';

/** Part of the readings that may lack a channel: malloc's lists cannot be read where the program was just changing them. */
const MOST_MISSING = 1 / 3;

/** Levels where what is missing lies on the line between its neighbours, by operations; undefined when too many are. */
function filled(levels: readonly (number | undefined)[], doses: readonly number[]): number[] | undefined {
  const known = levels.flatMap((level, at) => (amount(level) ? [{ level, at }] : []));
  const [first] = known;
  const end = known.at(-1);
  if (first === undefined || end === undefined || levels.length - known.length > MOST_MISSING * levels.length)
    return undefined;
  return levels.map((level, at) => {
    if (amount(level)) return level;
    // Before the first and after the last one that was read: as over the whole.
    const outside = at < first.at || at > end.at;
    const before = outside ? first : (known.findLast((one) => one.at < at) ?? first);
    const after = outside ? end : (known.find((one) => one.at > at) ?? end);
    const done = sum(doses.slice(0, at + 1)) - sum(doses.slice(0, before.at + 1));
    const all = sum(doses.slice(before.at + 1, after.at + 1));
    return Math.max(0, before.level + (after.level - before.level) * (all > 0 ? done / all : 0));
  });
}

/** Channels of processes; those that are missing in many samples are left out. */
export function channelSeries(samples: readonly Sample[]): { integers: Series[]; bytes: Series[]; missing: string[] } {
  const missing: string[] = [];
  const doses = samples.map(({ step }) => step.dose);
  const of = (channel: string): Series[] => {
    const levels = filled(
      samples.map((sample) => sample.channels.get(channel)),
      doses,
    );
    if (levels !== undefined) return [{ channel, own: false, levels }];
    missing.push(channel);
    return [];
  };
  const integers = INTEGER_CHANNELS.flatMap(of);
  const bytes = BYTE_CHANNELS.flatMap(of);
  if (missing.includes('mallocBytes')) bytes.push(...of(MALLOC_PAGES));
  return { integers, bytes, missing };
}

/** Types that changed, families and modules of several types that did, and the number of types. */
export function typeSeries(samples: readonly Sample[]): Series[] {
  const changed = changedTypes(samples);
  const series = [...changed].map(([key, [levels, bytes]]): Series => {
    const { type, module } = splitKey(key);
    return { channel: 'instances', type, module, own: isOwn(type, module), levels, bytes };
  });
  series.push(...grouped(series, 'family'), ...grouped(series, 'module'));
  series.push({ channel: 'types', own: false, levels: samples.map((sample) => alive(sample)) });
  return series;
}

/** The bytes of a type as a series of their own. */
export function bytesSeries({ type, module, own, bytes, group }: Series): Series | undefined {
  if (type === undefined || bytes === undefined || group !== undefined) return undefined;
  return { channel: 'managedBytes', type, ...(module === undefined ? {} : { module }), own, levels: bytes };
}

function changedTypes(samples: readonly Sample[]): Map<string, [number[], number[]]> {
  const first = samples[0]?.types ?? new Map();
  const keys = new Set<string>();
  for (const { types } of samples) {
    for (const [key, [instances, bytes]] of types) {
      const known = first.get(key);
      if ((known?.[0] ?? 0) !== instances || (known?.[1] ?? 0) !== bytes) keys.add(key);
    }
    for (const key of first.keys()) if (!types.has(key)) keys.add(key);
  }
  const changed = new Map<string, [number[], number[]]>();
  for (const key of keys) {
    const entries = samples.map(({ types }) => types.get(key) ?? ([0, 0] as const));
    changed.set(key, [entries.map((entry) => entry[0]), entries.map((entry) => entry[1])]);
  }
  return changed;
}

function grouped(types: readonly Series[], group: 'family' | 'module'): Series[] {
  const groups = new Map<string, Series[]>();
  for (const one of types) {
    const module = familyName(one.module ?? '');
    if (group === 'module' && !one.own) continue;
    const key = group === 'module' ? module : `${familyName(one.type ?? '')}\u0000${module}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((members): Series[] => {
    const [head] = members;
    if (head === undefined || members.length < 2) return [];
    const name = group === 'module' ? {} : { type: familyName(head.type ?? '') };
    return [
      {
        channel: 'instances',
        ...name,
        module: familyName(head.module ?? ''),
        group,
        own: members.some((member) => member.own),
        levels: added(members.map((member) => member.levels)),
        bytes: added(members.map((member) => member.bytes ?? [])),
      },
    ];
  });
}

function added(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, at) => rows.reduce((total, row) => total + (row[at] ?? 0), 0));
}

function alive({ types }: Sample): number {
  let count = 0;
  for (const [instances] of types.values()) if (instances > 0) count++;
  return count;
}

export function isBytes(channel: string): boolean {
  return channel.endsWith('Bytes') || channel.startsWith('privateBytes.');
}
