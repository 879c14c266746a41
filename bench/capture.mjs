import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineProcess } from '../packages/engine/dist/index.js';
import { createdump } from './lib/createdump.mjs';
import { median, printTable, spread } from './lib/figures.mjs';
import { HeapTarget } from './lib/heap-target.mjs';

const MB = 2 ** 20;

/**
 * Pause as the target feels it, time and size of a heap dump: ours and createdump's, in turns, on the same process.
 *   npm run bench -- capture [64,512,2048] [runs]
 */
export async function bench([sizes = '64,512,2048', runs = '5']) {
  // Memory-backed storage, so that a slow disk does not hide the difference.
  const folder = await mkdtemp('/dev/shm/firstchance-bench-');
  try {
    const rows = [];
    for (const mb of sizes.split(',').map(Number)) {
      rows.push(...(await oneSize(mb, Number(runs), folder)));
    }
    console.log(`\nPause as the target felt it; ${runs} runs each, in turns; min / median / max.\n`);
    printTable(['heap', 'what', 'pause ms', 'total ms', 'core MB/s', 'file MB', 'pause ratio', 'time ratio'], rows);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function oneSize(mb, runs, folder) {
  const target = await HeapTarget.start(mb);
  const engine = await EngineProcess.start();
  try {
    const ours = [];
    const theirs = [];
    for (let run = 0; run < runs; run++) {
      ours.push(await ourDump(engine, target, folder));
      theirs.push(await theirDump(target, folder));
      const [mine, other] = [ours.at(-1), theirs.at(-1)];
      console.error(
        `${mb} MB run ${run + 1}: ours ${mine.pause.toFixed(1)} ms, createdump ${other.pause.toFixed(0)} ms`,
      );
    }
    const { check } = await target.ask('check');
    if (check !== 'ok') {
      throw new Error('the target was harmed');
    }
    return rowsOf(mb, ours, theirs);
  } finally {
    await engine[Symbol.asyncDispose]();
    await target.stop();
  }
}

function rowsOf(mb, ours, theirs) {
  const of = (list, key, digits) =>
    spread(
      list.map((one) => one[key]),
      digits,
    );
  const ratio = (key) => `${(median(theirs.map((one) => one[key])) / median(ours.map((one) => one[key]))).toFixed(1)}×`;
  return [
    [
      `${mb} MB`,
      'ours, heap',
      of(ours, 'pause'),
      of(ours, 'total', 0),
      of(ours, 'speed', 0),
      of(ours, 'size'),
      ratio('pause'),
      ratio('total'),
    ],
    [`${mb} MB`, 'createdump Heap', of(theirs, 'pause'), of(theirs, 'total', 0), '', of(theirs, 'size'), '', ''],
  ];
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { result, total: performance.now() - start };
}

async function ourDump(engine, target, folder) {
  const into = path.join(folder, 'ours');
  await mkdir(into);
  const dump = { kind: 'heap', compression: 'zstd', threads: 2 };
  await target.ask('reset');
  const { result, total } = await timed(() =>
    engine.take({ pid: target.pid, folder: into, dump, stacks: false, topTypes: false }),
  );
  const { pauseBeginNs, pauseEndNs, writeMs } = result.timings;
  const pause = await target.longestGapWithin(pauseBeginNs, pauseEndNs);
  await rm(into, { recursive: true });
  return { pause, total, size: result.dump.bytes / MB, speed: result.dump.rawBytes / MB / (writeMs / 1000) };
}

async function theirDump(target, folder) {
  const file = path.join(folder, 'theirs.core');
  await target.ask('reset');
  const { total } = await timed(() => createdump(target.pid, file, 'heap'));
  const { longestMs } = await target.ask('get');
  const { size } = await stat(file);
  await rm(file);
  return { pause: longestMs, total, size: size / MB };
}
