import { readSession } from '@firstchance/manifest';
import { makeReadModel, type ReadModel } from '@firstchance/report';

/** Reads a session folder into what renderers draw. @throws FirstchanceError when it cannot be read at all */
export async function readReport(folder: string): Promise<ReadModel> {
  const { manifest, details, checks, unreadable } = await readSession(folder);
  return makeReadModel({ records: manifest.records, details, checks, unreadable });
}
