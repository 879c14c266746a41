import path from 'node:path';
import { AGENT_CLSID, EngineProcess } from '@firstchance/engine';
import { withAgent } from '@firstchance/target';
import { fixture, temporaryFolder } from './firstchance.ts';
import { HeapTarget } from './heap-target.ts';

/** The heap program of each runtime that can be sampled. */
export const HEAP_PROGRAMS: [name: string, program: string[]][] = [
  ['.NET 10', ['dotnet', fixture('heap')]],
  ['.NET 9', [path.join(path.dirname(fixture('heap')), 'net9.0/heap')]],
  ['.NET 8', [path.join(path.dirname(fixture('heap')), 'net8.0/heap')]],
];

/** Calls `use` with the heap program, and the engine whose agent is in it. */
export async function sampled(
  use: (engine: EngineProcess, target: HeapTarget) => Promise<void>,
  program?: readonly string[],
): Promise<void> {
  using folder = temporaryFolder();
  await using engine = await EngineProcess.start();
  const quiet = { firstChance: false, unhandled: false, exit: false, log: false, tests: false };
  const none = { include: [], exclude: [], decline: [], perPlace: 0, perType: 0, perTest: 0, perSession: 0 };
  await engine.arm({
    ...{ controlPath: path.join(folder.path, '.agent'), socketPath: path.join(folder.path, 'agents') },
    filter: { ...quiet, ...none, timeoutMs: 1_000, maxFrozen: 1 },
  });
  const agent = { clsid: AGENT_CLSID, path: engine.hello.agentPath };
  const env = { ...withAgent({}, agent), FIRSTCHANCE_SESSION: folder.path };
  await using target = await HeapTarget.start({ env }, program, ['--workers', '2']);
  await use(engine, target);
}
