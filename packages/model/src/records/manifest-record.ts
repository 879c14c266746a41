import { z } from 'zod';
import { censusRecordSchema, checkRecordSchema } from '../growth/check.ts';
import { captureRecordSchema, resultRecordSchema } from './capture.ts';
import {
  endRecordSchema,
  problemRecordSchema,
  sessionRecordSchema,
  skippedRecordSchema,
  targetRecordSchema,
} from './session.ts';
import { testRecordSchema } from './test.ts';

/** One line of manifest.jsonl. */
export const manifestRecordSchema = z.discriminatedUnion('record', [
  sessionRecordSchema,
  targetRecordSchema,
  testRecordSchema,
  captureRecordSchema,
  resultRecordSchema,
  censusRecordSchema,
  checkRecordSchema,
  skippedRecordSchema,
  problemRecordSchema,
  endRecordSchema,
]);
export type ManifestRecord = z.infer<typeof manifestRecordSchema>;
export type RecordKind = ManifestRecord['record'];

export const RECORD_KINDS: readonly RecordKind[] = manifestRecordSchema.options.map(
  (option) => option.shape.record.value,
);

type Body<R> = R extends ManifestRecord ? Omit<R, 'schema' | 'session' | 'time'> : never;
/** A record without the stamp that whoever writes it adds. */
export type RecordBody = Body<ManifestRecord>;

/**
 * What a record is about: of the records with the same key the last one wins. Null for records that each stand for
 * themselves (problems, skipped matches).
 */
export function recordKey(record: ManifestRecord): string | null {
  switch (record.record) {
    case 'problem':
    case 'skipped':
      return null;
    case 'target':
      // A pid may be given again; the start time tells the processes apart.
      return `${record.session}/target/${record.pid}/${record.started}`;
    case 'result':
      return `${record.session}/result/${record.captureId}`;
    case 'end':
      return `${record.session}/end`;
    default:
      return `${record.session}/${record.record}/${record.id}`;
  }
}
