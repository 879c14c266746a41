import type { Reading } from '@firstchance/growth';
import { errorCode } from '@firstchance/model';
import { isCompiling } from '@firstchance/target';
import type { Clock, MeasuringEngine, TakenCensus } from '../ports.ts';
import { CheckFailure } from './check-failure.ts';
import type { FinalizerWait } from './finalizer-wait.ts';

export interface ReadingContext {
  readonly engine: MeasuringEngine;
  readonly clock: Clock;
  /** "Shop (pid 1234)" */
  readonly subject: string;
  readonly pid: number;
  /** Ask for collections before each reading. */
  readonly collect: boolean;
  readonly note: (text: string) => void;
}

/** What an operation leaves running (a response being flushed, a continuation) comes to its end. */
export const SETTLE_MS = 60;
/** The compiler's memory comes and goes by megabytes: no reading while it works, but it may work for seconds. */
const COMPILER_MS = 250;
const COMPILER_LOOK_MS = 10;
/** A reading that met objects half made is taken again. */
const ATTEMPTS = 3;
const AGAIN_MS = 50;

export interface RepeatedReading extends ReadingContext {
  /** The same for all readings of a check. */
  readonly finalizerWait: FinalizerWait;
}

/**
 * Settles, collects with finalizers, waits for the compiler, reads.
 * @param graphFolder also write the heap file there
 * @throws CheckFailure; the signal's reason when aborted
 */
export async function takeReading(
  context: RepeatedReading,
  durationMs: number,
  signal: AbortSignal,
  graphFolder?: string,
): Promise<Reading> {
  await context.clock.wait(SETTLE_MS, signal);
  if (context.collect) await collect(context, signal);
  await compiled(context, signal);
  const census = await read(context, signal, graphFolder);
  return {
    types: census.types.map(({ type, module, instances, bytes }) => ({ type, module: module ?? '', instances, bytes })),
    channels: {
      ...census.channels,
      instances: census.reachable.instances,
      managedBytes: census.reachable.bytes,
    },
    ...(census.timers ? { endingTimers: census.timers.ending } : {}),
    pauseMs: census.pauseMs,
    durationMs,
  };
}

async function compiled({ clock, pid }: ReadingContext, signal: AbortSignal): Promise<void> {
  const end = clock.now() + COMPILER_MS;
  while (isCompiling(pid) && clock.now() < end) await clock.wait(COMPILER_LOOK_MS, signal);
}

async function collect(context: RepeatedReading, signal: AbortSignal): Promise<void> {
  const { engine, pid, subject, note, finalizerWait } = context;
  try {
    const { how, finalizers } = await engine.collect(pid, { signal, timeoutMs: finalizerWait.limitMs });
    if (how === 'eventpipe') note('no agent is in the process: collections were asked for from outside');
    const late = finalizerWait.heard(finalizers);
    if (late !== undefined) note(late);
  } catch (error) {
    signal.throwIfAborted();
    const { what, why, cure } = CheckFailure.of('collect-failed', `Collecting garbage in ${subject}`, error);
    const without = '--no-gc goes without; what only waits for a collection then looks like growth';
    const cures = [cure, without].filter((part) => part !== '').join('; ');
    throw new CheckFailure('collect-failed', { what, why, cure: cures }, { cause: error });
  }
}

async function read(
  context: ReadingContext,
  signal: AbortSignal,
  graphFolder: string | undefined,
): Promise<TakenCensus> {
  const { engine, clock, pid, subject, note } = context;
  const what = `Reading the memory of ${subject}`;
  let graph = graphFolder;
  let why = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await clock.wait(AGAIN_MS, signal);
    try {
      const request = { pid, graph: graph === undefined ? null : { folder: graph, dominators: true, native: true } };
      const census = await engine.census(request, { signal });
      if (census.complete) return census;
      why = `it is not complete: ${census.why}`;
    } catch (error) {
      signal.throwIfAborted();
      if (graph === undefined || !OF_THE_FILE.has(String(errorCode(error))))
        throw CheckFailure.of('census-failed', what, error);
      // Without the file there is still a verdict, only nobody can be named.
      note(
        `no heap file, so what holds the growth cannot be named: ${CheckFailure.of('census-failed', what, error).why}`,
      );
      graph = undefined;
    }
  }
  throw new CheckFailure('census-failed', {
    ...{ what, why: `${why} (${ATTEMPTS} attempts)` },
    cure: 'check again; when it stays, look with firstchance doctor PID',
  });
}

/** Failures of writing the heap file, not of reading the process. */
const OF_THE_FILE = new Set(['disk-full', 'output-not-writable']);
