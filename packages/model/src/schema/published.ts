import { z } from 'zod';
import { configFileSchema } from '../config/schema.ts';
import { baselineSchema } from '../growth/baseline.ts';
import { growthCheckSchema } from '../growth/check.ts';
import { suppressionFileSchema } from '../growth/suppression.ts';
import { captureDetailSchema } from '../records/capture.ts';
import { manifestRecordSchema } from '../records/manifest-record.ts';
import { sessionFileSchema } from '../records/session-file.ts';
import { heapDiffResultSchema, heapPathResultSchema, heapResultSchema } from '../results/heap-results.ts';
import { reportResultSchema } from '../results/report-result.ts';
import { censusResultSchema, doctorResultSchema, psResultSchema, showResultSchema } from '../results/results.ts';

/** The JSON Schemas (2020-12) that are published in schema/, by file name. */
export function publishedSchemas(): Record<string, object> {
  return {
    'config.json': describe(configFileSchema(), 'Configuration of firstchance: firstchance.config.json, .mjs or .ts'),
    'manifest-record.json': describe(manifestRecordSchema, 'One line of manifest.jsonl'),
    'capture.json': describe(captureDetailSchema, 'capture.json: one capture in full'),
    'session.json': describe(sessionFileSchema, 'session.json: what was run'),
    'growth-check.json': describe(growthCheckSchema, 'checks/<id>.json: one growth check with all its evidence'),
    'suppressions.json': describe(
      suppressionFileSchema,
      'Known growth that does not fail: --suppressions FILE, YAML or JSON',
    ),
    'baseline.json': describe(baselineSchema, 'Growth as it was: --baseline FILE'),
    'census.json': describe(censusResultSchema, 'firstchance census PID --json'),
    'show.json': describe(showResultSchema, 'firstchance show FILE --json'),
    'ps.json': describe(psResultSchema, 'firstchance ps --json'),
    'heap.json': describe(heapResultSchema, 'firstchance heap FILE --json'),
    'diff.json': describe(heapDiffResultSchema, 'firstchance diff BEFORE AFTER --json'),
    'path.json': describe(heapPathResultSchema, 'firstchance path FILE --type T --json'),
    'report.json': describe(reportResultSchema, 'firstchance report FOLDER --json'),
    'doctor.json': describe(doctorResultSchema, 'firstchance doctor --json'),
  };
}

/** Records may get new fields, so `io: input` leaves objects open; the configuration is strict by itself. */
function describe(schema: z.ZodType, title: string): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { $schema, title, ...rest };
}
