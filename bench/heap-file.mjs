import { mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  biggestDominators,
  computeDominators,
  nodesOfType,
  openHeapFile,
  pathGroups,
  typesBySize,
  writeHeapFile,
} from '../packages/heap/dist/index.js';
import { bigHeap } from './lib/big-heap.mjs';
import { median, printTable, spread } from './lib/figures.mjs';

const TYPE = 'Shop.Node';

/**
 * What reading a large heap costs: a file of millions of objects, opened and asked again and again in fresh runs.
 *   npm run bench -- heap-file [10000000] [runs]
 */
export async function bench([nodes = '10000000', runs = '5']) {
  // Memory-backed storage: what is measured is the reader, not the disk.
  const folder = await mkdtemp('/dev/shm/firstchance-bench-');
  try {
    const file = path.join(folder, 'heap.fch');
    const heap = bigHeap(Number(nodes));
    const dominators = timedSync(() => computeDominators(heap));
    await writeHeapFile(file, { ...heap, dominators: dominators.result });
    const { size } = await stat(file);
    console.log(
      `${heap.nodeCount} objects, ${heap.edges.length} references, file of ${(size / 2 ** 20).toFixed(0)} MB`,
    );
    const steps = { open: [], 'types by size': [], 'paths of one type': [], dominators: [], whole: [] };
    for (let run = 0; run < Number(runs); run++) await once(file, steps);
    const all = Object.entries(steps).map(([name, list]) => [name, spread(list, 0), median(list).toFixed(0)]);
    console.log(`\nms of processor time, ${runs} runs: min / median / max\n`);
    printTable(['step', 'spread', 'median'], [...all, ['dominators computed (once)', '', dominators.ms.toFixed(0)]]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function once(file, steps) {
  const start = process.cpuUsage();
  const heap = await openHeapFile(file);
  steps.open.push(cpuMs(start));
  steps['types by size'].push(timedSync(() => typesBySize(heap)).ms);
  const paths = timedSync(() => pathGroups(heap, nodesOfType(heap, TYPE)));
  steps['paths of one type'].push(paths.ms);
  steps.dominators.push(timedSync(() => biggestDominators(heap)).ms);
  steps.whole.push(cpuMs(start));
  if (paths.result.length === 0) throw new Error('there are no paths');
}

/** Processor time, in ms: on a machine that is busy with other things it says more than the clock. */
function timedSync(work) {
  const start = process.cpuUsage();
  const result = work();
  return { result, ms: cpuMs(start) };
}

function cpuMs(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
