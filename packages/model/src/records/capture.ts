import { z } from 'zod';
import { exceptionInfoSchema } from './exception.ts';
import { amountSchema, millisecondsSchema, moduleInfoSchema, pidSchema, processFactsSchema } from './process.ts';
import { stampShape } from './stamp.ts';
import { testReferenceSchema } from './test.ts';
import { asyncNodeSchema, dominatorNodeSchema, threadInfoSchema, typeInfoSchema } from './threads.ts';
import { captureKindSchema, captureMethodSchema, dumpKindSchema, gcStateSchema } from './vocabulary.ts';

export const triggerSchema = z.object({ kind: captureKindSchema, detail: z.string() });
export type Trigger = z.infer<typeof triggerSchema>;

export const dumpInfoSchema = z.object({
  kind: dumpKindSchema,
  /** Relative to the session folder. */
  path: z.string().min(1),
  /** Size of the file. */
  bytes: amountSchema,
  /** Size of the plain core. */
  rawBytes: amountSchema,
  /** In words: "native heap". */
  leftOut: z.array(z.string()),
});
export type DumpInfo = z.infer<typeof dumpInfoSchema>;

const captureShape = {
  record: z.literal('capture'),
  ...stampShape,
  /** Name of its folder under captures/, "0001-first-chance-InvalidOperationException". */
  id: z.string().min(1),
  pid: pidSchema,
  process: processFactsSchema,
  trigger: triggerSchema,
  test: testReferenceSchema.nullable(),
  /** The thread it is about: the throwing one; null when it is about the whole process. */
  thread: z.object({ osId: z.int(), name: z.string().nullable() }).nullable(),
  exception: exceptionInfoSchema.nullable(),
  /** From the first thread stopped to the last let go, measured by the engine; null where nobody measured (createdump). */
  pauseMs: millisecondsSchema.nullable(),
  captureMethod: captureMethodSchema,
  gc: gcStateSchema,
  dump: dumpInfoSchema.nullable(),
  durationMs: millisecondsSchema,
};

/** A capture, as a line of the manifest. */
export const captureRecordSchema = z.object(captureShape);
export type CaptureRecord = z.infer<typeof captureRecordSchema>;

/** A capture, as its capture.json. */
export const captureDetailSchema = z.object({
  ...captureShape,
  threads: z.array(threadInfoSchema),
  awaiting: z.array(asyncNodeSchema),
  topTypes: z.array(typeInfoSchema),
  dominators: z.array(dominatorNodeSchema).exactOptional(),
  modules: z.array(moduleInfoSchema),
  /** What a reader must know about how it came to be: "the runtime's debugging library crashed; …". */
  notes: z.array(z.string()),
});
export type CaptureDetail = z.infer<typeof captureDetailSchema>;

/** Only in capture.json, not in the manifest's line. */
export const DETAIL_KEYS = ['threads', 'awaiting', 'topTypes', 'dominators', 'modules', 'notes'] as const;

/** Of a test that passed, its captures may be removed again: this says what became of one. */
export const resultRecordSchema = z.object({
  record: z.literal('result'),
  ...stampShape,
  captureId: z.string().min(1),
  kept: z.boolean(),
  testState: z.string(),
});
export type ResultRecord = z.infer<typeof resultRecordSchema>;
