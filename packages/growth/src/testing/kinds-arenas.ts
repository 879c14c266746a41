import type { Kind } from './kind.ts';
import { channel } from './parts.ts';
import type { Part } from './program.ts';

/** When an arena comes and goes, in ms after the start of the program; one that is there from the start comes at 0. */
interface Arena {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

/** malloc of the runtime's own compiler: it takes and frees whole arenas. Drawn when it is first read. */
function arenas(draw: (uniform: (from: number, to: number) => number) => readonly Arena[]): Part {
  let all: readonly Arena[] | null = null;
  return (moment) => {
    all ??= draw((from, to) => from + (to - from) * moment.chance());
    const alive = all.filter(({ from, to }) => moment.ms >= from && moment.ms < to);
    return { channels: { mallocBytes: alive.reduce((total, { bytes }) => total + bytes, 0) } };
  };
}

type Draw = Parameters<typeof arenas>[0];

/** The measured rounds of a quick check last from about 4 to 9 seconds (24 rounds), its rest and surge to 20. */
const PATTERNS: Readonly<Record<string, Draw>> = {
  'freed once': (u) => [{ from: 0, to: u(4200, 9000), bytes: u(1e6, 3e6) }],
  'freed soon': (u) => [{ from: 0, to: u(4200, 6500), bytes: u(1e6, 3e6) }],
  'comes and goes': (u) => {
    const from = u(3000, 8000);
    return [{ from, to: from + u(200, 3000), bytes: u(1e6, 3e6) }];
  },
  'comes and stays': (u) => [{ from: u(4200, 9000), to: Number.POSITIVE_INFINITY, bytes: u(1e6, 3e6) }],
  'two, one after the other': (u) => {
    const from = u(4200, 7000);
    return [
      { from: 0, to: u(4200, 9000), bytes: u(1e6, 3e6) },
      { from, to: from + u(300, 15_000), bytes: u(1e6, 2e6) },
    ];
  },
  'comes in rest or surge': (u) => [{ from: u(6000, 16_000), to: Number.POSITIVE_INFINITY, bytes: u(1e6, 4e6) }],
  'freed in rest or surge': (u) => [{ from: 0, to: u(8000, 20_000), bytes: u(1e6, 4e6) }],
};

const RATES = [0, 300, 1000, 2000, 10_000];
const OPERATION_MS = [2, 12];

/** What is taken and given back by megabytes without any leak, and is no arena of the compiler's. */
const LOOK_ALIKES: readonly Kind[] = [
  ...[700, 1500, 4000].map(
    (limit): Kind => ({
      ...{ name: `native cache emptied at ${limit} entries of 2 kB`, label: 'clean', operationMs: 2 },
      parts: () => [channel('mallocBytes', (m) => 2000 * (m.operations % limit))],
    }),
  ),
  ...[300, 1500, 4000].map(
    (limit): Kind => ({
      ...{ name: `native cache of ${limit} entries of 2 kB, and an arena`, label: 'clean', operationMs: 2 },
      parts: () => [
        arenas((u) => [{ from: 0, to: u(4200, 20_000), bytes: u(1e6, 3e6) }]),
        channel('mallocBytes', (m) => 2000 * Math.min(limit, m.operations)),
      ],
    }),
  ),
  {
    ...{ name: 'native entries of 10 kB that expire after 3 s', label: 'clean', operationMs: 2 },
    parts: () => [channel('mallocBytes', (m) => 10_000 * m.within(3000))],
  },
  {
    ...{ name: 'slabs of 1 MB for 40 entries each, 200 at most', label: 'clean', operationMs: 5 },
    parts: () => [channel('mallocBytes', (m) => 1e6 * Math.ceil(Math.min(200, m.operations) / 40))],
  },
  {
    ...{ name: 'buffers that double to 8 MB', label: 'clean', operationMs: 2 },
    parts: () => [channel('mallocBytes', (m) => 2 ** Math.min(23, 10 + Math.ceil(Math.log2(1 + m.operations))))],
  },
];

/** Leaks of malloc and none, beside the arenas of a compiler, at two speeds of operations. */
const BESIDE_ARENAS: readonly Kind[] = RATES.flatMap((rate) =>
  OPERATION_MS.flatMap((operationMs) =>
    Object.entries(PATTERNS).map(([name, draw]): Kind => {
      const label = rate === 0 ? 'clean' : 'leak';
      return {
        ...{ name: `${rate} B, ${operationMs} ms, ${name}`, label, operationMs },
        parts: () => [arenas(draw), ...(rate === 0 ? [] : [channel('mallocBytes', (m) => rate * m.operations)])],
      };
    }),
  ),
);

export const ARENA_KINDS: readonly Kind[] = [...BESIDE_ARENAS, ...LOOK_ALIKES];
