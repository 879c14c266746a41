import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, readSession } from '@firstchance/manifest';
import { FirstchanceError } from '@firstchance/model';
import { joinPart, type ReadModel, ReadModelBuilder } from '@firstchance/report';

/**
 * Reads a session folder into what reports draw. Damage is told in the report; records of a newer version are counted.
 * @throws FirstchanceError `no-session` when there is no manifest, others when it cannot be read
 */
export async function readResults(folder: string): Promise<ReadModel> {
  if (!existsSync(join(folder, MANIFEST_FILE)))
    throw new FirstchanceError({
      ...{ code: 'no-session', what: 'Reading the session', why: `there is no ${MANIFEST_FILE} in ${folder}` },
      cure: 'It ended before its first record was written; the log of the step says why.',
    });
  const builder = new ReadModelBuilder();
  let newer = 0;
  for await (const { manifest, detail, check, unreadable } of readSession(folder)) {
    builder.add(joinPart({ records: manifest.records, detail, check }), unreadable());
    newer += manifest.unknown.length;
  }
  if (newer > 0)
    builder.tell(
      `${newer} ${newer === 1 ? 'record was' : 'records were'} written by a newer firstchance and cannot be shown; update this action`,
    );
  return builder.model();
}
