import { z } from 'zod';
import { millisecondsSchema } from './process.ts';
import { stampShape } from './stamp.ts';
import { testStateSchema } from './vocabulary.ts';

const identity = {
  /** Unique in the session; a retry has an id of its own. */
  id: z.string().min(1),
  /** Suites first, the test's own name last. */
  title: z.array(z.string()),
  file: z.string().nullable(),
  /** From 1. */
  line: z.int().nullable(),
  /** "xunit", "vitest", "jest", "playwright" … */
  runner: z.string(),
  /** From 1. */
  attempt: z.int().positive(),
  /** Of runners that run one test in several configurations (Playwright's projects). */
  project: z.string().optional(),
  /** Number of the runner's worker, from 0. */
  worker: z.int().nonnegative().optional(),
};

/** The test a capture belongs to. */
export const testReferenceSchema = z.object({
  ...identity,
  /** How many tests ran at that moment, of which this is the likeliest; 1 when it is certain. */
  candidates: z.int().positive(),
});
export type TestReference = z.infer<typeof testReferenceSchema>;

/** A test began or ended; the last record of an id wins. */
export const testRecordSchema = z.object({
  record: z.literal('test'),
  ...stampShape,
  ...identity,
  state: testStateSchema,
  /** Null while it runs. */
  durationMs: millisecondsSchema.nullable(),
});
export type TestRecord = z.infer<typeof testRecordSchema>;
