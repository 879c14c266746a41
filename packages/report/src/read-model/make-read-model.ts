import type { CaptureDetail, GrowthCheck, ManifestRecord } from '@firstchance/model';
import { joinPart } from './join-part.ts';
import type { ReadModel } from './read-model.ts';
import { ReadModelBuilder } from './read-model-builder.ts';

/** One session that is in memory as a whole. */
export interface SessionSource {
  /** Of the records about one thing only the last, in order of first appearance. */
  readonly records: readonly ManifestRecord[];
  /** capture.json by capture id. */
  readonly details: ReadonlyMap<string, CaptureDetail>;
  /** Growth checks by the path in their record. */
  readonly checks: ReadonlyMap<string, GrowthCheck>;
  /** What could not be read, one sentence each. */
  readonly unreadable: readonly string[];
}

/** Joins and sorts what a session holds. */
export function makeReadModel({ records, details, checks, unreadable }: SessionSource): ReadModel {
  const builder = new ReadModelBuilder();
  const detail = (id: string) => details.get(id) ?? null;
  builder.add(joinPart({ records, detail, check: (path) => checks.get(path) ?? null }), unreadable);
  return builder.model();
}
