import type { Kind } from './kind.ts';
import { capped, channel, distinct, events, every, instances, of, sawTooth } from './parts.ts';

const CORE = 'System.Private.CoreLib';

/** Kinds of programs that were kept apart from the first tuning; what they showed was mended afterwards. */
export const APART_KINDS: readonly Kind[] = [
  { name: 'one in 200', label: 'leak', parts: () => [instances('Shop.Rare', (m) => Math.floor(m.operations / 200))] },
  { name: 'one in 200, HTTP', label: 'leak', operationMs: 4, parts: () => [instances('Shop.Rare', events(1 / 200))] },
  {
    name: 'one in 150 of the platform',
    label: 'leak',
    parts: () => [instances('System.Byte[]', events(1 / 150), 4096, CORE)],
  },
  {
    name: 'on errors, 1 %, five objects',
    label: 'leak',
    operationMs: 3,
    parts: () => {
      const failures = events(0.01);
      return [instances('Shop.Trace', (m) => 5 * failures(m))];
    },
  },
  {
    name: 'bursts: 12 every 37',
    label: 'leak',
    operationMs: 6,
    parts: () => [instances('Shop.Burst', (m) => 12 * Math.floor(m.operations / 37))],
  },
  {
    name: 'like a logarithm',
    label: 'leak',
    parts: () => [instances('Shop.Slowing', (m) => 3000 * Math.log1p(m.operations / 50))],
  },
  {
    name: 'strings of 32 bytes',
    label: 'leak',
    operationMs: 10,
    parts: () => [instances('System.String', (m) => m.operations, 32, CORE)],
  },
  {
    name: 'sockets',
    label: 'leak',
    operationMs: 15,
    parts: () => [channel('sockets', (m) => m.operations), channel('fileDescriptors', (m) => m.operations)],
  },
  {
    name: 'malloc 2 KB, one in ten',
    label: 'leak',
    parts: () => {
      const calls = events(0.1);
      return [channel('mallocBytes', (m) => 2048 * calls(m))];
    },
  },
  {
    name: 'mapped memory only, 64 KB',
    label: 'leak',
    operationMs: 5,
    parts: () => [channel('privateBytes.other', (m) => 65_536 * m.operations)],
  },
  {
    name: 'closed generics',
    label: 'leak',
    operationMs: 5,
    parts: () => [
      (m) => ({
        types: Array.from({ length: Math.min(400, m.operations) }, (_, at) =>
          of(
            `Shop.Handler<Shop.Event${'abcdefghij'[at % 10]}x${at}>`,
            'Shop',
            Math.ceil((m.operations - at) / 400),
            32,
          ),
        ),
      }),
    ],
  },
  {
    name: 'below its own saw-tooth',
    label: 'leak',
    parts: () => [instances('Shop.Node', (m) => m.operations + 3 * (m.operations % 170))],
  },
  {
    name: 'one object among a churned million',
    label: 'leak',
    parts: () => [
      instances('Shop.Churned', (m) => 1e6 + 20_000 * m.normal(), 24),
      instances('Shop.Kept', (m) => m.operations),
    ],
  },
  {
    name: '1 MB per operation',
    label: 'leak',
    operationMs: 3,
    parts: () => [instances('System.Byte[]', (m) => m.operations, 2 ** 20, CORE)],
  },
  {
    name: 'slow operations, 1 s, and a descriptor',
    label: 'leak',
    operationMs: 1000,
    parts: () => [channel('fileDescriptors', (m) => m.operations)],
  },
  {
    name: 'leak and idle growth, one type',
    label: 'leak',
    alsoIdle: true,
    operationMs: 2,
    parts: () => [instances('Shop.Both', (m) => 0.3 * m.operations + m.ms / 8)],
  },
  {
    name: 'leak and idle growth of malloc',
    label: 'leak',
    parts: () => [instances('Shop.Kept', (m) => m.operations), channel('mallocBytes', (m) => 20 * m.ms)],
  },
  {
    name: 'one object per round with work',
    label: 'leak',
    operationMs: 5,
    parts: () => [instances('Shop.Connection', (m) => m.working)],
  },
  {
    name: 'a timer never stopped per operation',
    label: 'leak',
    operationMs: 5,
    parts: () => [
      instances('System.Threading.TimerQueueTimer', (m) => m.operations, 88, CORE),
      instances('Shop.Poller', (m) => m.operations),
    ],
  },
  {
    name: 'a thread in 25',
    label: 'leak',
    operationMs: 10,
    parts: () => [
      channel('threads', (m) => Math.floor(m.operations / 25)),
      channel('privateBytes.stacks', (m) => 5000 * m.operations),
    ],
  },
  {
    name: 'half of it meets a limit',
    label: 'leak',
    operationMs: 1,
    parts: () => [instances('Shop.Part', (m) => 0.5 * m.operations + Math.min(10_000, m.operations))],
  },
  { name: 'nothing, HTTP', label: 'clean', operationMs: 4, parts: () => [] },
  { name: 'nothing, 200 ms', label: 'clean', operationMs: 200, parts: () => [] },
  {
    name: 'cache of 100000, fast',
    label: 'clean',
    operationMs: 0.04,
    parts: () => [instances('Shop.CacheEntry', capped(100_000))],
  },
  {
    name: 'cache of 10000',
    label: 'clean',
    operationMs: 0.4,
    parts: () => [
      instances('Shop.CacheEntry', capped(10_000)),
      instances('Shop.Node<Shop.CacheEntry>', capped(10_000)),
    ],
  },
  {
    name: 'cache met half way',
    label: 'clean',
    parts: () => [instances('Shop.CacheEntry', (m) => Math.min(m.operations, 5200))],
  },
  { name: 'batches of 3000, three objects', label: 'clean', parts: () => [instances('Shop.Batch', sawTooth(3000, 3))] },
  { name: 'batches of 97', label: 'clean', operationMs: 10, parts: () => [instances('Shop.Batch', sawTooth(97))] },
  {
    name: 'timers of 30 s',
    label: 'clean',
    parts: () => [
      instances('System.Threading.TimerQueueTimer', (m) => m.within(30_000), 88, CORE),
      instances('Shop.Request', (m) => m.within(30_000)),
    ],
  },
  {
    name: 'expires after 10 s, named',
    label: 'clean',
    options: { idleMs: 11_000 },
    parts: () => [instances('Shop.Entry', (m) => m.within(10_000))],
  },
  { name: 'random keys, 300', label: 'clean', operationMs: 8, parts: () => [instances('Shop.Key', distinct(300))] },
  {
    name: 'random keys, 20000',
    label: 'clean',
    operationMs: 0.5,
    parts: () => [instances('Shop.Key', distinct(20_000))],
  },
  {
    name: 'buffers of malloc, filled late',
    label: 'clean',
    operationMs: 0.5,
    parts: () => [channel('mallocBytes', (m) => 512 * Math.min(8000, m.operations))],
  },
  {
    name: 'arena steps',
    label: 'clean',
    operationMs: 10,
    parts: () => {
      let arenas = 0;
      return [
        channel('mallocBytes', (m) => {
          arenas += m.chance() < 0.04 ? 1 : 0;
          return 132_000 * arenas;
        }),
      ];
    },
  },
  {
    name: 'threads that come late',
    label: 'clean',
    operationMs: 50,
    parts: () => {
      let threads = 0;
      return [
        (m) => {
          if (m.chance() < 0.1 && threads < 8) threads += 2;
          return {
            types: [of('System.Threading.Local', CORE, threads, 64)],
            channels: { threads, handles: 2 * threads },
          };
        },
      ];
    },
  },
  {
    name: 'one collection list that doubles',
    label: 'clean',
    parts: () => [instances('Shop.Slot[]', (m) => 1 + Math.floor(Math.log2(1 + m.operations)))],
  },
  {
    name: 'pool trimmed by collections',
    label: 'clean',
    parts: () => [instances('Shop.Buffer', (m) => Math.max(0, m.dose / 4 + 3 * m.normal()))],
  },
  { name: 'readings that cost malloc', label: 'clean', parts: () => [channel('mallocBytes', (m) => 900 * m.readings)] },
  {
    name: 'swap of slow operations',
    label: 'clean',
    operationMs: 300,
    parts: () => [
      instances('Shop.Open', (m) => Math.max(0, 5000 - m.operations)),
      instances('Shop.Closed', (m) => Math.min(5000, m.operations)),
    ],
  },
  {
    name: 'background in bursts',
    label: 'idle',
    parts: () => {
      let count = 0;
      let last = 0;
      return [
        instances('Shop.Log', (m) => {
          for (; last < m.ms; last += 250) count += m.chance() < 0.5 ? 3 : 0;
          return count;
        }),
      ];
    },
  },
  {
    name: 'a timer, 100 ms, slow operations',
    label: 'idle',
    operationMs: 400,
    parts: () => [instances('Shop.Tick', every(100))],
  },
  {
    name: 'a timer and a cache that fills',
    label: 'idle',
    parts: () => [instances('Shop.Tick', every(60)), instances('Shop.CacheEntry', capped(6000))],
  },
  { name: 'malloc from a timer', label: 'idle', parts: () => [channel('mallocBytes', (m) => 200 * m.ms)] },
];
