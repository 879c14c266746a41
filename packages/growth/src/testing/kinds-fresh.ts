import type { Kind } from './kind.ts';
import { capped, channel, distinct, events, instances, of, sawTooth } from './parts.ts';

const CORE = 'System.Private.CoreLib';

/** Kinds written last, after both other lists had been tuned on. */
export const FRESH_KINDS: readonly Kind[] = [
  { name: 'three in 100', label: 'leak', operationMs: 3, parts: () => [instances('Acme.Lost', events(0.03))] },
  {
    name: 'growth by square root',
    label: 'leak',
    operationMs: 0.5,
    parts: () => [instances('Acme.Root', (m) => 60 * Math.sqrt(m.operations))],
  },
  {
    name: 'an own object and its timer of 10 minutes',
    label: 'leak',
    operationMs: 3,
    parts: () => [
      instances('System.Threading.TimerQueueTimer', (m) => m.within(600_000), 88, CORE),
      instances('Acme.Watch', (m) => m.within(600_000)),
    ],
  },
  {
    name: 'two objects every third operation',
    label: 'leak',
    operationMs: 8,
    parts: () => [instances('Acme.Pair', (m) => 2 * Math.floor(m.operations / 3))],
  },
  { name: 'malloc 150 bytes', label: 'leak', parts: () => [channel('mallocBytes', (m) => 150 * m.operations)] },
  {
    name: 'loader heap, collectible contexts',
    label: 'leak',
    operationMs: 15,
    parts: () => [
      (m) => ({
        types: Array.from({ length: m.operations }, (_, at) =>
          of(`Script_${at.toString(16)}.Run`, `Script_${at}`, 1, 24),
        ),
        channels: { 'privateBytes.loader': 40_000 * m.operations },
      }),
    ],
  },
  {
    name: 'slow, 0.5 s, malloc 50 KB',
    label: 'leak',
    operationMs: 500,
    parts: () => [channel('mallocBytes', (m) => 50_000 * m.operations)],
  },
  {
    name: 'leak under batches of another channel',
    label: 'leak',
    operationMs: 2,
    parts: () => [
      channel('fileDescriptors', (m) => m.operations % 40),
      instances('Acme.Kept', (m) => m.operations / 5),
    ],
  },
  {
    name: 'handles every tenth',
    label: 'leak',
    operationMs: 2,
    parts: () => [channel('handles', (m) => Math.floor(m.operations / 10))],
  },
  {
    name: 'leak beside a cache that fills',
    label: 'leak',
    operationMs: 2,
    parts: () => [instances('Acme.Entry', capped(2500)), instances('Acme.Kept', (m) => m.operations)],
  },
  { name: 'three of four, slow', label: 'leak', operationMs: 15, parts: () => [instances('Acme.Kept', events(0.75))] },
  {
    name: 'two of three beside a cache of the same type',
    label: 'leak',
    operationMs: 4,
    parts: () => {
      const [cache, kept] = [distinct(120), events(0.66)];
      return [instances('Acme.Kept', (m) => cache(m) + kept(m))];
    },
  },
  {
    name: 'random keys, 2000, slow',
    label: 'clean',
    operationMs: 15,
    parts: () => [instances('Acme.Key', distinct(2000))],
  },
  {
    name: 'random keys, 1500, very slow',
    label: 'clean',
    operationMs: 30,
    parts: () => [instances('Acme.Key', distinct(1500))],
  },
  {
    name: 'cache of 1000, slow',
    label: 'clean',
    operationMs: 12,
    parts: () => [instances('Acme.Entry', capped(1000)), instances('System.String', capped(1000), 60, CORE)],
  },
  {
    name: 'ring of 512 buffers',
    label: 'clean',
    operationMs: 5,
    parts: () => [instances('Acme.Buffer', capped(512), 4096)],
  },
  {
    name: 'expires after 2 s, two types',
    label: 'clean',
    operationMs: 6,
    parts: () => [instances('Acme.A', (m) => m.within(2000)), instances('Acme.B', (m) => 2 * m.within(2000))],
  },
  {
    name: 'two saw-teeth',
    label: 'clean',
    operationMs: 4,
    parts: () => [instances('Acme.A', sawTooth(130)), instances('Acme.B', sawTooth(1100, 2))],
  },
  {
    name: 'descriptors of a pool',
    label: 'clean',
    operationMs: 6,
    parts: () => [channel('fileDescriptors', (m) => Math.min(60, Math.floor(m.operations / 9)))],
  },
  {
    name: 'malloc that scatters',
    label: 'clean',
    operationMs: 2,
    parts: () => [channel('mallocBytes', (m) => 1e6 + 40_000 * m.normal())],
  },
  {
    name: 'own objects, started late',
    label: 'clean',
    operationMs: 3,
    parts: () => [instances('Acme.Module', (m) => (m.ms > 3500 ? 1 : 0) + (m.ms > 5200 ? 2 : 0))],
  },
  { name: 'nothing, 60 ms', label: 'clean', operationMs: 60, parts: () => [] },
  {
    name: 'a queue of varying length',
    label: 'clean',
    operationMs: 2,
    parts: () => [instances('Acme.Waiting', (m) => 40 + 25 * m.normal())],
  },
  {
    name: 'a timer, 300 ms, two objects',
    label: 'idle',
    operationMs: 2,
    parts: () => [instances('Acme.Sample', (m) => 2 * Math.floor(m.ms / 300))],
  },
  {
    name: 'descriptors from a watcher',
    label: 'idle',
    operationMs: 10,
    parts: () => [channel('fileDescriptors', (m) => Math.floor(m.ms / 150))],
  },
];
