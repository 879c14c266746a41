import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DumpRequest, EngineCapture, TakeRequest } from '../engine-port.ts';

/** Asks the runtime inside a process to write a dump of itself (diagnostics IPC, WriteDump). */
export interface RuntimeDumper {
  /** @throws with the runtime's own text when it refuses or fails */
  writeDump(pid: number, path: string, kind: 'mini' | 'heap' | 'full'): Promise<void>;
}

/**
 * The ladder's last rung: the runtime's own createdump. The process stands still while it writes, nobody measures how long
 * exactly, and the runtime, not we, creates the file, as the target's user and in its file system.
 */
export async function takeByCreatedump(
  request: TakeRequest,
  dumper: RuntimeDumper,
  process: EngineCapture['process'],
  now: () => number = () => performance.now(),
): Promise<EngineCapture> {
  const started = now();
  const kind = createdumpKind(request.dump?.kind ?? 'mini');
  const file = 'dump.core';
  const path = join(request.folder, file);
  await dumper.writeDump(request.pid, path, kind);
  chmodSync(path, 0o600);
  const bytes = statSync(path).size;
  return {
    ...{ pid: request.pid, process, pauseMs: null, captureMethod: 'createdump', gc: 'unknown' },
    durationMs: now() - started,
    ...{ exception: null, threads: [], awaiting: [], topTypes: [], modules: [] },
    dump: { kind, file, bytes, rawBytes: bytes, leftOut: [] },
    notes: ["written by the runtime's own createdump: the process stood still for most of the time it took"],
  };
}

function createdumpKind(kind: DumpRequest['kind']): 'mini' | 'heap' | 'full' {
  return kind === 'focus' || kind === 'auto' ? 'heap' : kind;
}
