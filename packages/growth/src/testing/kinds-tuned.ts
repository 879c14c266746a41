import type { Kind } from './kind.ts';
import { capped, channel, distinct, events, every, instances, of, sawTooth } from './parts.ts';

/** Kinds of programs on which the limits were tuned. */
export const TUNED_KINDS: readonly Kind[] = [
  { name: 'one object per operation', label: 'leak', parts: () => [instances('Shop.Session', (m) => m.operations)] },
  {
    name: 'a graph of three types',
    label: 'leak',
    parts: () => [
      instances('Shop.Order', (m) => m.operations),
      instances('Shop.Line[]', (m) => m.operations),
      instances('System.String', (m) => 3 * m.operations, 60, 'System.Private.CoreLib'),
    ],
  },
  { name: 'one in 50', label: 'leak', parts: () => [instances('Shop.Rare', (m) => Math.floor(m.operations / 50))] },
  { name: 'on errors, 2 %', label: 'leak', operationMs: 4, parts: () => [instances('Shop.Failure', events(0.02))] },
  { name: 'one of ten kinds', label: 'leak', operationMs: 10, parts: () => [instances('Shop.Tenth', events(0.1))] },
  {
    name: 'byte arrays only',
    label: 'leak',
    parts: () => [instances('System.Byte[]', (m) => m.operations, 1024, 'System.Private.CoreLib')],
  },
  {
    name: 'descriptors',
    label: 'leak',
    operationMs: 5,
    parts: () => [channel('fileDescriptors', (m) => m.operations)],
  },
  { name: 'handles', label: 'leak', parts: () => [channel('handles', (m) => m.operations)] },
  { name: 'malloc 300 bytes', label: 'leak', parts: () => [channel('mallocBytes', (m) => 300 * m.operations)] },
  {
    name: 'malloc 2 KB, slow',
    label: 'leak',
    operationMs: 20,
    parts: () => [channel('mallocBytes', (m) => 2000 * m.operations)],
  },
  {
    name: 'mapped memory',
    label: 'leak',
    operationMs: 2,
    parts: () => [channel('mappings', (m) => m.operations), channel('privateBytes.other', (m) => 4096 * m.operations)],
  },
  {
    name: 'threads',
    label: 'leak',
    operationMs: 40,
    parts: () => [channel('threads', (m) => Math.floor(m.operations / 4))],
  },
  {
    name: 'slow operations, 0.7 s',
    label: 'leak',
    operationMs: 700,
    parts: () => [instances('Shop.Report', (m) => m.operations)],
  },
  {
    name: 'two descriptors per round with work',
    label: 'leak',
    parts: () => [channel('fileDescriptors', (m) => 2 * m.working)],
  },
  {
    name: 'a new type per operation',
    label: 'leak',
    operationMs: 8,
    parts: () => [
      (m) => ({
        types: Array.from({ length: m.operations }, (_, at) => of(`Plugin${at}.Handler`, `Plugin${at}`, 1, 24)),
      }),
    ],
  },
  {
    name: 'several at once',
    label: 'leak',
    parts: () => [
      instances('Shop.A', (m) => m.operations),
      instances('Shop.B', (m) => 2 * m.operations),
      channel('fileDescriptors', (m) => Math.floor(m.operations / 10)),
      channel('mallocBytes', (m) => 500 * m.operations),
    ],
  },
  {
    name: 'leak beside a saw-tooth',
    label: 'leak',
    parts: () => [instances('Shop.Batch', sawTooth(700, 5)), instances('Shop.Kept', (m) => m.operations)],
  },
  {
    name: 'leak and idle growth, two types',
    label: 'leak',
    alsoIdle: true,
    parts: () => [instances('Shop.Kept', (m) => m.operations), instances('Shop.Tick', every(100))],
  },
  { name: 'nothing', label: 'clean', parts: () => [] },
  { name: 'nothing, slow', label: 'clean', operationMs: 700, parts: () => [] },
  { name: 'nothing, 20 ms', label: 'clean', operationMs: 20, parts: () => [] },
  { name: 'nothing, very fast', label: 'clean', operationMs: 0.01, parts: () => [] },
  { name: 'cache of 5000', label: 'clean', parts: () => [instances('Shop.CacheEntry', capped(5000))] },
  {
    name: 'cache of 20000, fast',
    label: 'clean',
    operationMs: 0.2,
    parts: () => [instances('Shop.CacheEntry', capped(20_000))],
  },
  {
    name: 'cache of 300, slow',
    label: 'clean',
    operationMs: 20,
    parts: () => [instances('Shop.CacheEntry', capped(300))],
  },
  { name: 'batches of 700', label: 'clean', parts: () => [instances('Shop.Batch', sawTooth(700))] },
  {
    name: 'batches of 10000',
    label: 'clean',
    operationMs: 0.5,
    parts: () => [instances('Shop.Batch', sawTooth(10_000))],
  },
  { name: 'random keys, 2000', label: 'clean', operationMs: 3, parts: () => [instances('Shop.Key', distinct(2000))] },
  { name: 'expires after 3 s', label: 'clean', parts: () => [instances('Shop.Entry', (m) => m.within(3000))] },
  {
    name: 'strings of small numbers',
    label: 'clean',
    operationMs: 20,
    parts: () => [instances('System.String', capped(300), 32, 'System.Private.CoreLib')],
  },
  {
    name: 'one type takes the place of another',
    label: 'clean',
    parts: () => [
      instances('Shop.Waiting', (m) => Math.max(0, 1e6 - m.operations)),
      instances('Shop.Done', (m) => Math.min(1e6, m.operations)),
    ],
  },
  { name: 'holds the last round', label: 'clean', parts: () => [instances('Shop.Last', (m) => m.dose)] },
  {
    name: 'JIT working set, slow',
    label: 'clean',
    operationMs: 100,
    parts: () => [channel('mallocBytes', (m) => 3.7e6 * (1 - Math.exp(-m.operations / 60)))],
  },
  {
    name: 'JIT working set',
    label: 'clean',
    parts: () => [channel('mallocBytes', (m) => 3.7e6 * (1 - Math.exp(-m.operations / 60)))],
  },
  {
    name: 'steps of lazy loading',
    label: 'clean',
    parts: () => [
      instances(
        'System.Reflection.Lazy',
        (m) => 5 * Math.floor(Math.min(m.ms, 9000) / 2300),
        80,
        'System.Private.CoreLib',
      ),
    ],
  },
  {
    name: 'grows with each reading',
    label: 'clean',
    parts: () => [instances('System.Probe', (m) => 2 * m.readings, 40, 'System.Private.CoreLib')],
  },
  { name: 'a timer, 100 ms', label: 'idle', parts: () => [instances('Shop.Tick', every(100))] },
  { name: 'a timer, 1 s', label: 'idle', parts: () => [instances('Shop.Tick', every(1000))] },
];
