import { of } from './parts.ts';
import type { Moment, Part } from './program.ts';

/** Types that come with each new thread of the pool, as recorded. */
const THREAD_TYPES = [
  'System.Threading.Thread',
  'System.Threading.ThreadInt64PersistentCounter+ThreadLocalNode',
  'System.Threading.ThreadPoolWorkQueueThreadLocals',
  'System.Random+XoshiroImpl',
  'System.Threading.ThreadPoolWorkQueue+WorkStealingQueue',
];

/**
 * What every recorded program did besides its own work: lazy start-up that decays, a few pool threads with their locals, single
 * late objects, strings that drift by one or two, counts that jitter, malloc and page noise. Figures from fixtures/growth-series.
 */
export function backdrop({ calm = false } = {}): Part {
  let threads = 17;
  let strings = 1790;
  let mallocNoise = 0;
  let pages = 10_000;
  let late = 0;
  const lateAt = { ms: 0 };
  return (moment) => {
    const { ms, readings, random, chance } = moment;
    if (lateAt.ms === 0) lateAt.ms = 3000 + random.below(12_000);
    if (ms < 9000 && chance() < 0.12) threads += 1 + random.below(3);
    if (!calm && chance() < 0.01) threads += 1;
    if (chance() < 0.08) strings++;
    else if (chance() < 0.03) strings--;
    if (ms > lateAt.ms) late = 3;
    mallocNoise = 0.6 * mallocNoise + 900 * moment.normal();
    if (chance() < 0.1) pages += 4 * random.below(8);
    const warm = 200 * (1 - Math.exp(-moment.operations / 40)) + 60 * (1 - Math.exp(-ms / 1200));
    return {
      types: [
        ...THREAD_TYPES.map((type) => of(type, 'System.Private.CoreLib', threads - 9, 72)),
        of('System.String', 'System.Private.CoreLib', strings + Math.floor(warm / 4), 48),
        of('System.Object[]', 'System.Private.CoreLib', 105 + Math.floor(warm / 8), 120),
        of('System.RuntimeType', 'System.Private.CoreLib', 1050 + Math.floor(warm / 20), 40),
        of('System.Byte[]', 'System.Private.CoreLib', 190 + (readings % 5 === 0 ? 1 : 0), 280),
        of('System.DateTimeOffset', 'System.Private.CoreLib', late, 24),
        of('Microsoft.AspNetCore.Server.Kestrel.DateHeaderValues', 'Kestrel', 1 + (chance() < 0.1 ? 1 : 0), 32),
        of('Shop.Program', 'Shop', 1, 24),
        of('Shop.Settings', 'Shop', 12, 64),
      ],
      channels: processNoise(moment, { threads, mallocNoise, pages }),
    };
  };
}

function processNoise(
  { ms, random, normal }: Moment,
  { threads, mallocNoise, pages }: { threads: number; mallocNoise: number; pages: number },
): Record<string, number> {
  return {
    threads,
    handles: 210 + 2 * threads,
    fileDescriptors: 202,
    sockets: 4,
    mappings: 1070 + 2 * threads + 2 * random.below(3),
    mallocBytes: 3e6 + 4e5 * (1 - Math.exp(-ms / 1500)) + mallocNoise,
    mappedBytes: 9e7,
    'privateBytes.gcHeap': 2e6 + 3e5 * normal() ** 2,
    'privateBytes.loader': 6e6 + 8e5 * (1 - Math.exp(-ms / 1500)),
    'privateBytes.jit': 1.06e7 - 4e5 * Math.exp(-ms / 2500) + pages,
    'privateBytes.stacks': threads * 130_000,
    'privateBytes.other': 5e6 + 4096 * random.below(2),
    residentBytes: 1.2e8 + 2e6 * normal(),
  };
}
