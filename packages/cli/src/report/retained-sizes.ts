import { basename, join } from 'node:path';
import type { Engine } from '@firstchance/engine';
import { writeWhole } from '@firstchance/manifest';
import { type CaptureDetail, isFailedState } from '@firstchance/model';
import type { ReadModel } from '@firstchance/report';
import { graphOfDump } from '../heap/graph-of-dump.ts';

export interface RetainedSizesRequest {
  readonly folder: string;
  readonly captures: ReadModel['captures'];
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
export async function addRetainedSizes(request: RetainedSizesRequest): Promise<number> {
  const { folder, captures, openEngine, signal } = request;
  const waiting = waitingCaptures(captures);
  let added = 0;
  if (waiting.length > 0 && !signal.aborted) {
    try {
      await using engine = await openEngine();
      for (const entry of waiting) {
        if (signal.aborted) break;
        const detail = entry.detail();
        if (detail && (await addTo(detail, folder, engine, signal))) added += 1;
      }
    } catch {
      // Without an engine there are no pictures; whatever needs one says why it does not start.
    }
  }
  return waiting.length - added;
}

function waitingCaptures(captures: ReadModel['captures']): ReadModel['captures'] {
  const failed = ({ testState }: ReadModel['captures'][number]) => Number(isFailedState(testState));
  return captures
    .filter(({ record, detail: read }) => {
      const detail = /heap|full/.test(record.dump?.kind ?? '') ? read() : null;
      return detail !== null && detail.dominators === undefined;
    })
    .sort((a, b) => failed(b) - failed(a) || b.record.time.localeCompare(a.record.time));
}

async function addTo(detail: CaptureDetail, folder: string, engine: Engine, signal: AbortSignal): Promise<boolean> {
  // Names in somebody else's manifest lead nowhere outside the capture's folder.
  const capture = join(folder, 'captures', basename(detail.id));
  try {
    const heap = await graphOfDump(engine, join(capture, basename(detail.dump?.path ?? '')), signal);
    const { retainedTree } = await import('@firstchance/heap');
    const complete = { ...detail, dominators: retainedTree(heap) };
    writeWhole(join(capture, 'capture.json'), `${JSON.stringify(complete, null, 1)}\n`);
    return true;
  } catch {
    return false;
  }
}
