import { z } from 'zod';
import { channelsSchema } from '../growth/channels.ts';
import { exceptionInfoSchema } from '../records/exception.ts';
import { millisecondsSchema, moduleInfoSchema, pidSchema } from '../records/process.ts';
import { timeSchema } from '../records/stamp.ts';
import { asyncNodeSchema, threadInfoSchema, typeInfoSchema } from '../records/threads.ts';
import { captureMethodSchema } from '../records/vocabulary.ts';

/** `census PID --json` */
export const censusResultSchema = z.object({
  schema: z.literal(1),
  pid: pidSchema,
  time: timeSchema,
  pauseMs: millisecondsSchema,
  /** False when a part of the heap could not be read. */
  complete: z.boolean(),
  /** Why not complete. */
  why: z.string().exactOptional(),
  /** Reachable objects, by bytes, descending. */
  types: z.array(typeInfoSchema),
  channels: channelsSchema,
  notes: z.array(z.string()).exactOptional(),
});
export type CensusResult = z.infer<typeof censusResultSchema>;

/** `show FILE --json` for a core file. */
export const showResultSchema = z.object({
  schema: z.literal(1),
  /** Version; null when it cannot be told. */
  runtime: z.string().nullable(),
  architecture: z.string().exactOptional(),
  pid: z.int().exactOptional(),
  name: z.string().exactOptional(),
  threads: z.array(threadInfoSchema),
  exceptions: z.array(z.intersection(exceptionInfoSchema, z.object({ osThreadId: z.int().exactOptional() }))),
  awaiting: z.array(asyncNodeSchema).exactOptional(),
  /** Null when the dump does not hold the managed heap. */
  topTypes: z.array(typeInfoSchema).nullable(),
  modules: z.array(moduleInfoSchema),
  notes: z.array(z.string()).exactOptional(),
});
export type ShowResult = z.infer<typeof showResultSchema>;

/** `ps --json` */
export const psResultSchema = z.array(
  z.object({
    pid: pidSchema,
    name: z.string(),
    commandLine: z.array(z.string()),
    runtime: z.string().nullable(),
    /** The best one that works for this process. */
    captureMethod: z.union([captureMethodSchema, z.literal('none')]),
    /** Why not a better one; empty when it is the best. */
    why: z.string(),
  }),
);
export type PsResult = z.infer<typeof psResultSchema>;

/** `doctor --json` */
export const doctorResultSchema = z.object({
  schema: z.literal(1),
  methods: z.array(z.object({ captureMethod: captureMethodSchema, available: z.boolean(), why: z.string() })),
  problems: z.array(z.object({ what: z.string(), cure: z.string() })),
});
export type DoctorResult = z.infer<typeof doctorResultSchema>;
