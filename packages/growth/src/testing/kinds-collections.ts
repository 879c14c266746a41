import type { Kind } from './kind.ts';
import { instances, of } from './parts.ts';
import type { Moment, Part } from './program.ts';

const CORE = 'System.Private.CoreLib';

/** So many for each operation, up to twice that, and some before the first: at which point of a doubling the check begins is chance. */
function filling(each: number): (m: Moment) => number {
  let [before, rate] = [-1, 0];
  return (m) => {
    if (before < 0) [before, rate] = [Math.floor(60 * each * m.chance()), each * (1 + m.chance())];
    return before + Math.floor(rate * m.operations);
  };
}

/** Bytes of one array more of this type, which the platform has some of as well. */
const array = (type: string, bytes: number, others = 0, size = 280) => ({
  ...of(type, CORE, others + (bytes > 0 ? 1 : 0), 0),
  bytes: others * size + bytes,
});

const doubled = (count: number, least = 4) => (count === 0 ? 0 : 2 ** Math.ceil(Math.log2(Math.max(least, count))));

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return true;
}

/** Sizes of the tables of dictionaries and sets: the next prime above twice as many. */
const PRIMES = [3];
while ((PRIMES.at(-1) ?? 0) < 4e7) {
  let next = 2 * (PRIMES.at(-1) ?? 0) + 1;
  while (!isPrime(next)) next += 2;
  PRIMES.push(next);
}
const prime = (count: number) => PRIMES.find((size) => size >= count) ?? count;

/** Types that hold so many items. */
type Collection = (count: number, m: Moment) => ReturnType<typeof array>[];

const COLLECTIONS: Readonly<Record<string, Collection>> = {
  'List<struct>': (count) => [array('System.ValueTuple<System.Int64, System.Guid>[]', 24 + 24 * doubled(count))],
  'Queue<long>': (count, m) => [array('System.Int64[]', 24 + 8 * doubled(count), 9 + (m.chance() < 0.2 ? 1 : 0), 400)],
  'HashSet<Guid>': (count, m) => [
    array('System.Collections.Generic.HashSet<System.Guid>+Entry[]', 24 + 24 * prime(count)),
    array('System.Int32[]', 24 + 4 * prime(count), 240 + m.random.below(4), 120),
  ],
  'Dictionary<long, double>': (count, m) => [
    array('System.Collections.Generic.Dictionary<System.Int64, System.Double>+Entry[]', 24 + 24 * prime(count)),
    array('System.Int32[]', 24 + 4 * prime(count), 240 + m.random.below(4), 120),
  ],
  // Among hundreds of arrays of the platform, of which some come and go.
  'MemoryStream, 50 bytes each': (count, m) => [
    array(
      'System.Byte[]',
      24 + doubled(50 * count, 256),
      190 + Math.floor(3 * (1 - Math.exp(-m.ms / 5000))) + m.random.below(3),
      280,
    ),
  ],
  'List<int>, whose arrays others drop': (count, m) => [
    array('System.Int32[]', 24 + 4 * doubled(count), 240 + m.random.below(6), 120),
  ],
};

const grown = (collection: Collection, level: (m: Moment) => number): Part => {
  return (m) => ({ types: collection(Math.max(0, Math.floor(level(m))), m) });
};

const SPEEDS = [0.3, 2, 12];
/** Fewer numbers are less than the 24 bytes from which it is told. */
const PER_OPERATION = [8, 20];

const LEAKS = Object.entries(COLLECTIONS).flatMap(([name, collection]) =>
  SPEEDS.flatMap((operationMs) =>
    PER_OPERATION.map(
      (each): Kind => ({
        ...{ name: `${name}, ${each} per operation of ${operationMs} ms`, label: 'leak', operationMs },
        parts: () => [grown(collection, filling(each))],
      }),
    ),
  ),
);

const LIMITED = Object.entries(COLLECTIONS).flatMap(([name, collection]) =>
  SPEEDS.flatMap((operationMs) =>
    [200, 500].map(
      (limit): Kind => ({
        ...{ name: `${name}, at most ${limit}, operations of ${operationMs} ms`, label: 'clean', operationMs },
        parts: () => {
          const filled = filling(4);
          return [grown(collection, (m) => Math.min(4 * limit, filled(m)))];
        },
      }),
    ),
  ),
);

const OTHERS: readonly Kind[] = SPEEDS.flatMap((operationMs) => {
  const kind = (name: string, label: Kind['label'], parts: Kind['parts']): Kind => ({
    ...{ name: `${name}, operations of ${operationMs} ms`, label, operationMs, parts },
  });
  return [
    kind('StringBuilder, 40 chars each', 'leak', () => [
      // Chunks of at most 8,000 chars: each is an object with an array.
      (m) => {
        const chunks = 1 + Math.floor((40 * m.operations) / 8000);
        return {
          types: [of('System.Text.StringBuilder', CORE, chunks, 48), array('System.Char[]', 80 * m.operations)],
        };
      },
    ]),
    kind('ConcurrentDictionary<Guid, long>', 'leak', () => [
      instances(
        'System.Collections.Concurrent.ConcurrentDictionary<System.Guid, System.Int64>+Node',
        (m) => m.operations,
        56,
        CORE,
      ),
      grown(
        (count) => [
          array(
            'System.Collections.Concurrent.ConcurrentDictionary<System.Guid, System.Int64>+VolatileNode[]',
            24 + 8 * prime(count),
          ),
        ],
        (m) => m.operations,
      ),
    ]),
    kind('buckets of the buffer pool', 'clean', () => {
      let [most, count] = [0, 8];
      return [
        (m) => {
          // Larger buffers are asked for more and more seldom, and stay in the pool.
          most = Math.max(most, m.operations === 0 ? 0 : m.chance() ** 3);
          if (m.chance() < 0.05 && count < 20) count++;
          return { types: [array('System.Byte[]', 2 ** Math.floor(10 + 10 * most), 180 + count, 600)] };
        },
      ];
    }),
    kind('a table by logarithm', 'clean', () => [
      grown(COLLECTIONS['HashSet<Guid>'] as Collection, (m) => 150 * Math.log1p(m.operations / 30)),
    ]),
    kind('a dictionary of random keys, 700', 'clean', () => [
      grown(COLLECTIONS['Dictionary<long, double>'] as Collection, (m) => 700 * (1 - Math.exp(-m.operations / 700))),
    ]),
    kind('a ring of 1024', 'clean', () => [
      grown(COLLECTIONS['List<struct>'] as Collection, (m) => Math.min(1024, m.operations)),
    ]),
    kind('a batch of 900 whose list is cleared', 'clean', () => {
      let most = 0;
      return [
        grown(COLLECTIONS['List<struct>'] as Collection, (m) => {
          most = Math.max(most, m.operations >= 900 ? 900 : m.operations % 900);
          return most;
        }),
      ];
    }),
  ];
});

/** Collections without an object for each item: leaks, and such with a limit. */
export const COLLECTION_KINDS: readonly Kind[] = [...LEAKS, ...LIMITED, ...OTHERS];
