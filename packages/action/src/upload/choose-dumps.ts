import { lstatSync, realpathSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { CAPTURE_KINDS, type CaptureKind, humanBytes, isFailedState } from '@firstchance/model';
import { harmless, type ReadModel } from '@firstchance/report';

/** A file worth keeping as a build artifact. */
export interface DumpFile {
  /** Relative to the session folder. */
  readonly path: string;
  readonly bytes: number;
  /** What it shows, one harmless line. */
  readonly about: string;
}

export interface ChosenDumps {
  readonly chosen: readonly DumpFile[];
  readonly leftOut: readonly DumpFile[];
}

/** Worst first. */
const KINDS: readonly CaptureKind[] = ['unhandled', 'deadline', 'growth', 'memory', 'first-chance', 'exit', 'manual'];

/**
 * The dumps of a session in the order of their worth, as many as fit: those of failed tests, the newest first; the rest by what is
 * worse to happen, the newest first; heaps of failed growth checks before them all, they are what shows a leak.
 * What was only on another machine, or is gone, is not counted.
 */
export function chooseDumps(model: ReadModel, folder: string, mostBytes: number): ChosenDumps {
  const chosen: DumpFile[] = [];
  const leftOut: DumpFile[] = [];
  let left = mostBytes;
  for (const file of [...heaps(model, folder), ...dumps(model, folder)]) {
    // A smaller one behind it may still fit.
    if (file.bytes > left) leftOut.push(file);
    else {
      left -= file.bytes;
      chosen.push(file);
    }
  }
  return { chosen, leftOut };
}

/** "dump.core.zst of 0003 (12 MB)", for people. */
export function dumpText({ path, bytes, about }: DumpFile): string {
  return `${harmless(path)} (${humanBytes(bytes)}): ${about}`;
}

function dumps({ captures }: ReadModel, folder: string): DumpFile[] {
  return [...captures]
    .sort(
      (a, b) =>
        Number(isFailedState(b.testState)) - Number(isFailedState(a.testState)) ||
        (isFailedState(a.testState) ? 0 : kindRank(a.record.trigger.kind) - kindRank(b.record.trigger.kind)) ||
        (a.record.time < b.record.time ? 1 : a.record.time > b.record.time ? -1 : 0),
    )
    .flatMap(({ record }) => {
      const about = harmless(record.exception?.type ?? record.trigger.kind);
      return record.dump ? present(folder, record.dump.path, about) : [];
    });
}

function heaps({ checks }: ReadModel, folder: string): DumpFile[] {
  return checks.flatMap(({ record, check }) => {
    const graphs = record.verdict === 'PASS' ? undefined : check()?.graphs;
    if (!graphs) return [];
    return [graphs.before, graphs.after].flatMap((path) =>
      present(folder, path, `heap of the growth check ${harmless(record.id)}`),
    );
  });
}

function kindRank(kind: CaptureKind): number {
  return KINDS.includes(kind) ? KINDS.indexOf(kind) : CAPTURE_KINDS.length;
}

/** A path in a manifest leads nowhere outside the session folder, and no link is followed, of a folder on the way neither. */
function present(folder: string, path: string, about: string): DumpFile[] {
  const inside = normalize(path);
  if (inside.startsWith('..') || inside.startsWith('/')) return [];
  try {
    const file = join(folder, inside);
    const stat = lstatSync(file);
    const linked = realpathSync(file) !== join(realpathSync(folder), inside);
    return stat.isFile() && !linked ? [{ path: inside, bytes: stat.size, about }] : [];
  } catch {
    return [];
  }
}
