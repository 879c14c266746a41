import { join } from 'node:path';
import type { CaptureMethod, ProcessFacts } from '@firstchance/model';
import { errorCode } from '@firstchance/model';
import { AGENT_STAYS } from '../agents/permission.ts';
import type { CaptureProgress, EngineCapture, SessionEngine, TakeRequest } from '../engine-port.ts';
import { toProblem } from '../problems/problem.ts';
import { type RuntimeDumper, takeByCreatedump } from './createdump.ts';

export interface LadderContext {
  /** Undefined: there is no engine here, only createdump. */
  readonly engine: () => SessionEngine | undefined;
  readonly dumper: RuntimeDumper;
  /** Only this way; absent: the best one that works. */
  readonly method?: CaptureMethod | undefined;
  /** Loads the agent into a process, which then permits the engine to trace it. */
  readonly permit: (pid: number) => Promise<void>;
  readonly describe: (pid: number) => Promise<ProcessFacts>;
}

export interface LadderOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CaptureProgress) => void;
}

/**
 * Failures of the engine after which createdump is worth a try; for the others it would fail as well, or harm. Of a process
 * that is traced already it would wait for ever where its tracer keeps it stopped, and fail where not: it traces too.
 */
const CREATEDUMP_MAY_HELP = new Set([
  ...['permission-denied', 'clone-refused', 'unsupported', 'internal'],
  ...['engine-missing', 'engine-died'],
]);
const NO_ENGINE = { code: 'engine-missing', why: 'the engine is not available here', cure: 'run: firstchance doctor' };

/**
 * Takes one capture in the best way that works. The engine climbs down by itself from snapshot to copy to stop; here are the
 * rungs around it: the agent, where only tracing is refused, and the runtime's own createdump at the end.
 */
export async function climbDown(
  request: TakeRequest,
  context: LadderContext,
  options: LadderOptions,
): Promise<EngineCapture> {
  const engine = context.engine();
  const { method } = context;
  if (method === 'createdump') return await createdump(request, context, engine, 'createdump was asked for');
  const asked = method === undefined ? request : { ...request, method };
  try {
    if (!engine) throw Object.assign(new Error(NO_ENGINE.why), NO_ENGINE);
    return await snapshot(engine, asked, context, options);
  } catch (error) {
    if (method !== undefined || !CREATEDUMP_MAY_HELP.has(errorCode(error) ?? '')) throw error;
    const { why, cure } = toProblem('', '', error);
    try {
      return await createdump(request, context, engine, `no snapshot was possible: ${why}`);
    } catch (second) {
      const last = toProblem('', '', second);
      throw Object.assign(new Error(why, { cause: second }), {
        why: `no snapshot could be taken (${why}), and the runtime's createdump failed too (${last.why})`,
        cure: cure || last.cure,
      });
    }
  }
}

async function snapshot(
  engine: SessionEngine,
  request: TakeRequest,
  context: LadderContext,
  options: LadderOptions,
): Promise<EngineCapture> {
  try {
    return await engine.take(request, options);
  } catch (error) {
    if (errorCode(error) !== 'permission-denied') throw error;
    // When the agent cannot be loaded either, the first refusal is the one that tells.
    const permitted = await context.permit(request.pid).then(
      () => true,
      () => false,
    );
    if (!permitted) throw error;
    const capture = await engine.take(request, options);
    return { ...capture, notes: [...capture.notes, AGENT_STAYS] };
  }
}

async function createdump(
  request: TakeRequest,
  context: LadderContext,
  engine: SessionEngine | undefined,
  note: string,
): Promise<EngineCapture> {
  const capture = await takeByCreatedump(request, context.dumper, await context.describe(request.pid));
  const notes = [...capture.notes, note];
  if (!engine || !capture.dump) return { ...capture, notes };
  // The stacks are in the file; without them the dump is still worth having.
  const inside = await engine.inspectDump(join(request.folder, capture.dump.file)).catch(() => undefined);
  if (!inside) return { ...capture, notes };
  return { ...capture, threads: inside.threads, modules: inside.modules, notes: [...notes, ...inside.notes] };
}
