import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Census, CensusRequest } from '@firstchance/engine';
import { type CensusResult, UsageError } from '@firstchance/model';
import { showCensus } from '@firstchance/report';
import { takeCensus } from '@firstchance/session';
import { StopSignals } from '../check/stop-signals.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';
import { requirePid } from './pid.ts';

export function censusAction({ command, context, finish }: Invoked): Action {
  return async (text: string) => {
    const pid = requirePid(text);
    const { graph, all = false } = command.opts<{ graph?: string; all?: boolean }>();
    const time = new Date().toISOString();
    // What was written of the graph is removed; a second signal ends us at once.
    using stop = new StopSignals(() => stop[Symbol.dispose]());
    const census = await stop.outcome(take({ pid }, context, graph, stop.signal));
    if (census === undefined) return finish(stop.exitCode ?? 93);
    const { pauseMs, complete, why, types, channels, notes } = census;
    const result: CensusResult = { schema: 1, pid, time, pauseMs, complete, why, types, channels, notes };
    if (commonFlags(command).json) {
      context.stdout.write(`${JSON.stringify(result)}\n`);
    } else {
      const style = peopleStyle(context.stdout, context.environment);
      print(context.stdout, context.environment, showCensus({ ...result, process: census.process }, style, { all }));
    }
    finish(0);
  };
}

/** The engine writes heap.fch into a folder: for another name a folder beside it, on the same disk. */
async function take(
  request: CensusRequest,
  context: CliContext,
  graph: string | undefined,
  signal: AbortSignal,
): Promise<Census> {
  const { session } = context.ports;
  if (graph === undefined) return await takeCensus(request, session, signal);
  const path = resolve(context.folder, graph);
  if (isFolder(path))
    return await takeCensus({ ...request, graph: { folder: path, dominators: true, native: true } }, session, signal);
  if (!isFolder(dirname(path))) throw new UsageError(`there is no folder ${dirname(path)} to write --graph into`);
  const folder = mkdtempSync(join(dirname(path), '.firstchance-'));
  try {
    const census = await takeCensus({ ...request, graph: { folder, dominators: true, native: true } }, session, signal);
    if (census.graph) renameSync(join(folder, census.graph.file), path);
    return census;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
