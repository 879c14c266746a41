import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { DiagnosticsClient, decodeGcEvent } from '../packages/diagnostics/dist/index.js';
import { EngineProcess } from '../packages/engine/dist/index.js';
import { fixtures, native } from '../scripts/lib/paths.mjs';
import { mustRun, StepError } from '../scripts/lib/step.mjs';
import { median, printTable, spread } from './lib/figures.mjs';
import { HeapTarget } from './lib/heap-target.mjs';

const run = promisify(execFile);
const MB_PER_MILLION = 66;
const MB = 2 ** 20;
/** What dotnet-gcdump asks the runtime for: a full collection, and after it all objects with their references. */
const GCDUMP = { name: 'Microsoft-Windows-DotNETRuntime', keywords: 0x1980001n, level: 5 };

/** With 30 million objects the runtime does not answer within the usual ten seconds. */
const EVENTPIPE_MS = 120_000;

/** npm run bench -- heap [MILLIONS,MILLIONS] [REPETITIONS]: heap graph and census against ClrMD and an EventPipe heap dump. */
export async function bench(args) {
  const sizes = (args[0] ?? '1,10').split(',').map(Number);
  const repetitions = Number(args[1] ?? 5);
  if (sizes.some((size) => !(size > 0)) || !(repetitions > 0)) {
    throw new StepError('npm run bench -- heap [MILLIONS,MILLIONS] [REPETITIONS]');
  }
  await mustRun('ninja', ['-C', path.join(native, 'build/release'), 'graph_bench']);
  await censuses(0.1, repetitions * 6);
  for (const size of sizes) {
    await walks(size, repetitions);
    await pauses(size, repetitions);
  }
}

/** The fixture with about so many objects, and no thread that changes them. */
const start = (millions) => HeapTarget.start(Math.round(millions * MB_PER_MILLION), {}, ['--workers', '0']);

/** Both readers on one process in one state, in turns. */
async function walks(millions, repetitions) {
  const target = await start(millions);
  const results = {};
  const add = (what, result) => {
    results[what] ??= [];
    results[what].push(result);
  };
  try {
    for (let i = 0; i < repetitions; i++) {
      // Once with the memory that the machine happens to have, once with memory that its host need not give first.
      for (const warm of [0, millions * MB_PER_MILLION]) {
        const args = [String(target.pid), '1', String(Math.round(warm))];
        const { stdout } = await run(path.join(native, 'build/release/test/heap/graph_bench'), args);
        for (const line of stdout.trim().split('\n')) {
          const { what, ...result } = JSON.parse(line);
          add(warm === 0 ? what : `${what}, warm`, result);
        }
      }
      // Of ten million objects ClrMD takes a minute.
      if (i < Math.max(1, 3 / millions)) {
        const reader = path.join(fixtures, 'dump-reader/bin/dump-reader.dll');
        const command = [reader, String(target.pid), '--parts', 'counts,references'];
        const facts = JSON.parse((await run('dotnet', command, { maxBuffer: 2 ** 28 })).stdout);
        add('ClrMD counts', facts.counts);
        add('ClrMD references', facts.references);
      }
    }
  } finally {
    await target.stop();
  }
  const [{ objects, references }] = results.graph;
  console.log(`\n### ${objects} objects, ${references} references\n`);
  for (const what of ['ClrMD counts', 'ClrMD references']) {
    if (results[what].some((one) => one.objects !== objects))
      console.log('The readers differ in the number of objects.');
  }
  const rows = Object.entries(results).map(([what, all]) => [
    what,
    spread(all.map((one) => one.ms)),
    spread(all.map((one) => one.cpuMs)),
    what.startsWith('ClrMD')
      ? `${(Math.max(...all.map((one) => one.peakBytes)) / MB).toFixed(0)} MB in all`
      : (Math.max(...all.map((one) => one.peakBytes)) / objects).toFixed(1),
  ]);
  printTable(['what', 'ms', 'CPU ms', 'bytes per object'], rows);
  const middle = (what, time) => median(results[what].map((one) => one[time]));
  const least = (what, time) => Math.min(...results[what].map((one) => one[time]));
  for (const [name, time] of [
    ['CPU time', 'cpuMs'],
    ['Wall time', 'ms'],
  ]) {
    for (const warm of ['', ', warm']) {
      const ratio = (theirs, ours) =>
        `${(middle(theirs, time) / middle(ours, time)).toFixed(0)}× (least of each ${(least(theirs, time) / least(ours, time)).toFixed(0)}×)`;
      const [counts, graph] = [ratio('ClrMD counts', `counts${warm}`), ratio('ClrMD references', `graph${warm}`)];
      const dominators = middle(`dominators${warm}`, time) / middle(`graph${warm}`, time);
      console.log(
        `\n${name}${warm}: counts ${counts}, graph ${graph}; dominators ${dominators.toFixed(2)}× the graph.`,
      );
    }
  }
}

/** What the target's own thread felt of a census, and of an EventPipe heap dump. */
async function pauses(millions, repetitions) {
  const target = await start(millions);
  const engine = await EngineProcess.start();
  const [ours, theirs] = [[], []];
  let objects = 0;
  try {
    for (let i = 0; i < repetitions; i++) {
      await target.ask('reset');
      const begin = performance.now();
      const census = await engine.census({ pid: target.pid });
      const total = performance.now() - begin;
      objects = census.reachable.instances;
      const { pauseBeginNs, pauseEndNs } = census.timings;
      ours.push({ pause: await target.longestGapWithin(pauseBeginNs, pauseEndNs), total });
      await target.ask('reset');
      const dump = await eventPipeHeapDump(target.pid);
      theirs.push({ ...dump, pause: (await target.ask('get')).longestMs });
    }
  } finally {
    await engine[Symbol.asyncDispose]();
    await target.stop();
  }
  console.log(`\n### Pause, ${objects} reachable objects\n`);
  printTable(
    ['what', 'pause ms', 'total ms'],
    [
      ['census', ours],
      ['EventPipe heap dump', theirs],
    ].map(([what, all]) => [
      what,
      spread(all.map((one) => one.pause)),
      spread(
        all.map((one) => one.total),
        0,
      ),
    ]),
  );
  const ratio = (key) => (median(theirs.map((one) => one[key])) / median(ours.map((one) => one[key]))).toFixed(0);
  console.log(`\nPause ${ratio('pause')}×, total ${ratio('total')}×.`);
}

/** Until the collection it asked for has ended, as dotnet-gcdump waits; what comes of the heap is only received. */
async function eventPipeHeapDump(pid) {
  const begin = performance.now();
  const client = await DiagnosticsClient.forProcess(pid);
  const session = await client.startEventPipe({
    providers: [GCDUMP],
    stacks: false,
    bufferMB: 1024,
    timeoutMs: EVENTPIPE_MS,
  });
  try {
    let number;
    for await (const event of session) {
      const gc = decodeGcEvent(event);
      if (gc?.kind === 'start' && gc.depth === 2 && gc.isInduced && !gc.isBackground) number ??= gc.number;
      if (gc?.kind === 'end' && gc.number === number) break;
    }
  } finally {
    await session[Symbol.asyncDispose]();
  }
  return { total: performance.now() - begin };
}

/** From request to answer, of a small program. */
async function censuses(millions, repetitions) {
  const target = await start(millions);
  const engine = await EngineProcess.start();
  const phases = {};
  let [objects, first] = [0, 0];
  try {
    for (let i = 0; i <= repetitions; i++) {
      const begin = performance.now();
      const { timings, pauseMs, reachable } = await engine.census({ pid: target.pid });
      const total = performance.now() - begin;
      objects = reachable.instances;
      if (i === 0) {
        first = total;
        continue;
      }
      const { prepareMs, openMs, walkMs, channelsMs, releaseMs } = timings;
      const known = { prepareMs, pauseMs, openMs, walkMs, channelsMs, releaseMs };
      const rest = total - Object.values(known).reduce((sum, value) => sum + value, 0);
      for (const [phase, value] of Object.entries({ total, ...known, processesMs: rest })) {
        phases[phase] ??= [];
        phases[phase].push(value);
      }
    }
  } finally {
    await engine[Symbol.asyncDispose]();
    await target.stop();
  }
  console.log(`\n### Census, ${objects} reachable objects, ${repetitions} times; the first ${first.toFixed(0)} ms\n`);
  printTable(
    ['phase', 'ms'],
    Object.entries(phases).map(([phase, values]) => [phase.replace(/Ms$/, ''), spread(values)]),
  );
}
