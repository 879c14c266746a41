import { conforms } from '@firstchance/model';
import type { z } from 'zod';
import { captureResultSchema, dumpFactsSchema, progressSchema, unpackedSchema } from './capture-schema.ts';
import { censusSchema, heapGraphSchema } from './census-schema.ts';
import { EngineError } from './error.ts';
import { helloSchema, processFactsSchema } from './process-schema.ts';

/** What the answers must hold, whichever way they came. */
export const ANSWERS = {
  hello: helloSchema,
  processFacts: processFactsSchema,
  captureResult: captureResultSchema,
  dumpFacts: dumpFactsSchema,
  unpacked: unpackedSchema,
  census: censusSchema,
  heapGraph: heapGraphSchema,
  progress: progressSchema,
} as const;

/** An answer as its type says, with the fields of a newer engine left in. @throws EngineError `internal` */
export function understand<T>(method: string, schema: z.ZodType<T>, answer: unknown): T {
  const checked = conforms(schema, answer);
  if (checked.ok) return checked.value;
  throw new EngineError({
    code: 'internal',
    what: `Reading the engine's answer to ${method}`,
    why: checked.problem,
    cure: 'Install firstchance and its engine in the same version.',
  });
}
