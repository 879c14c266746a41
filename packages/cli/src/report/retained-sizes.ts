import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Engine } from '@firstchance/engine';
import { readSession, type SessionReading } from '@firstchance/manifest';
import type { CaptureDetail } from '@firstchance/model';

export interface RetainedSizesRequest {
  readonly folder: string;
  readonly openEngine: () => Promise<Engine>;
  /** Aborted: what is not done by then is left out. */
  readonly signal: AbortSignal;
}

/**
 * Adds to each capture of the whole heap what its objects keep alive, for the picture in the report: read from the dumps when the
 * run is over, so that it costs neither the target nor a test anything. Captures of failed tests first, the newest first; one
 * that cannot be read, or not in time, has no picture, and `firstchance heap DUMP` says why.
 * @returns how many captures are left without
 */
export async function addRetainedSizes({ folder, openEngine, signal }: RetainedSizesRequest): Promise<number> {
  const waiting = waitingCaptures(await readSession(folder));
  if (waiting.length === 0 || signal.aborted) return waiting.length;
  const work = await mkdtemp(join(tmpdir(), 'firstchance-heap-'));
  let left = waiting.length;
  try {
    await using engine = await openEngine();
    for (const detail of waiting) {
      if (signal.aborted) break;
      if (await addTo(detail, { folder, work, engine, signal })) left -= 1;
    }
  } catch {
    // Without an engine there are no pictures; whatever needs one says why it does not start.
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return left;
}

function waitingCaptures({ manifest, details }: SessionReading): CaptureDetail[] {
  const states = new Map(manifest.of('result').map(({ captureId, testState }) => [captureId, testState]));
  const failed = (id: string) => (/failed|timed-out/.test(states.get(id) ?? '') ? 1 : 0);
  return [...details.values()]
    .filter(({ dump, dominators }) => dominators === undefined && (dump?.kind === 'heap' || dump?.kind === 'full'))
    .sort((a, b) => failed(b.id) - failed(a.id) || b.time.localeCompare(a.time));
}

async function addTo(
  { id, dump }: CaptureDetail,
  { folder, work, engine, signal }: { folder: string; work: string; engine: Engine; signal: AbortSignal },
): Promise<boolean> {
  const graph = join(work, 'heap.fch');
  // Names in somebody else's manifest lead nowhere outside the capture's folder.
  const capture = join(folder, 'captures', basename(id));
  const path = join(capture, 'capture.json');
  const fresh = `${path}.part`;
  try {
    await engine.heapGraph(join(capture, basename(dump?.path ?? '')), graph, { dominators: true, signal });
    const { openHeapFile, retainedTree } = await import('@firstchance/heap');
    const dominators = retainedTree(await openHeapFile(graph));
    const detail = JSON.parse(await readFile(path, 'utf8')) as CaptureDetail;
    await writeFile(fresh, `${JSON.stringify({ ...detail, dominators }, null, 1)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(fresh, path);
    return true;
  } catch {
    await rm(fresh, { force: true });
    return false;
  } finally {
    await rm(graph, { force: true });
  }
}
