import { z } from 'zod';
import type { AsyncNode, CaptureProgress, CaptureResult, DumpFacts, ExceptionInfo } from './capture.ts';

/* What an answer must hold to be used. Fields that a newer engine adds are let through. */

const frameSchema = z.object({
  method: z.string(),
  module: z.string(),
  modulePath: z.string(),
  token: z.int(),
  ilOffset: z.int().nullable(),
  ip: z.string(),
  kind: z.enum(['managed', 'native', 'runtime']),
});

const exceptionShape = {
  type: z.string(),
  message: z.string().nullable(),
  hresult: z.int(),
  address: z.string(),
  get inner(): z.ZodType<ExceptionInfo[]> {
    return z.array(exceptionSchema);
  },
  stack: z.array(frameSchema),
};
const exceptionSchema: z.ZodType<ExceptionInfo> = z.object(exceptionShape);

const threadSchema = z.object({
  osId: z.int(),
  managedId: z.int(),
  name: z.string(),
  state: z.string(),
  isFinalizer: z.boolean(),
  stack: z.array(frameSchema),
  exception: exceptionSchema.nullable(),
});

const asyncNodeSchema: z.ZodType<AsyncNode> = z.object({
  method: z.string(),
  module: z.string(),
  modulePath: z.string(),
  token: z.int(),
  state: z.int(),
  get awaits(): z.ZodType<AsyncNode[]> {
    return z.array(asyncNodeSchema);
  },
});

export const typeSchema = z.object({ type: z.string(), module: z.string(), instances: z.number(), bytes: z.number() });

const moduleSchema = z.object({
  name: z.string(),
  path: z.string(),
  mvid: z.string(),
  base: z.string(),
  size: z.number(),
  pdb: z.object({ guid: z.string(), age: z.number(), path: z.string() }).exactOptional(),
});

export const progressSchema: z.ZodType<CaptureProgress> = z.object({
  phase: z.enum(['prepare', 'stop', 'resumed', 'inspect', 'write', 'done']),
  doneBytes: z.number().exactOptional(),
  totalBytes: z.number().exactOptional(),
  pauseMs: z.number().exactOptional(),
});

/** The process that was frozen, in the result of a capture and of a census. */
export const processSchema = z.object({
  name: z.string(),
  commandLine: z.array(z.string()),
  runtime: z.string(),
  architecture: z.string(),
});

/** How the process was frozen. */
export const captureMethodSchema = z.enum(['clone', 'copy', 'stop']);
/** Whether a collection was under way when it was frozen. */
export const gcSchema = z.enum(['idle', 'in-progress', 'unknown']);

export const captureResultSchema: z.ZodType<CaptureResult> = z.object({
  pid: z.int(),
  process: processSchema,
  pauseMs: z.number().nonnegative(),
  captureMethod: captureMethodSchema,
  gc: gcSchema,
  gcRetries: z.int(),
  durationMs: z.number(),
  timings: z.record(z.string(), z.number()),
  exception: exceptionSchema.nullable(),
  threads: z.array(threadSchema),
  awaiting: z.array(asyncNodeSchema),
  topTypes: z.array(typeSchema).nullable(),
  modules: z.array(moduleSchema),
  dump: z
    .object({
      kind: z.enum(['mini', 'focus', 'heap', 'full']),
      file: z.string(),
      bytes: z.number(),
      rawBytes: z.number(),
      leftOut: z.array(z.string()),
    })
    .nullable(),
  notes: z.array(z.string()),
});

export const dumpFactsSchema: z.ZodType<DumpFacts> = z.object({
  architecture: z.string(),
  pid: z.int(),
  name: z.string(),
  runtime: z.object({ kind: z.string(), version: z.string(), path: z.string(), buildId: z.string() }).nullable(),
  threads: z.array(threadSchema),
  exceptions: z.array(z.object({ ...exceptionShape, osThreadId: z.int() })),
  awaiting: z.array(asyncNodeSchema).exactOptional(),
  topTypes: z.array(typeSchema).nullable(),
  modules: z.array(moduleSchema),
  notes: z.array(z.string()),
});

export const unpackedSchema = z.object({ bytes: z.number().nonnegative() });
