import { channelsSchema } from '@firstchance/model';
import { z } from 'zod';
import { captureMethodSchema, gcSchema, processSchema, typeSchema } from './capture-schema.ts';
import type { Census, Collected, HeapGraphResult } from './census.ts';

const totalSchema = z.object({ instances: z.number().nonnegative(), bytes: z.number().nonnegative() });

export const censusSchema: z.ZodType<Census> = z.object({
  pid: z.int(),
  process: processSchema,
  pauseMs: z.number().nonnegative(),
  captureMethod: captureMethodSchema,
  gc: gcSchema,
  durationMs: z.number(),
  timings: z.record(z.string(), z.number()),
  complete: z.boolean(),
  why: z.string(),
  reachable: totalSchema,
  unreachable: totalSchema,
  freeBytes: z.number(),
  types: z.array(typeSchema),
  channels: channelsSchema,
  timers: z.object({ all: z.number().nonnegative(), ending: z.number().nonnegative() }).nullable().exactOptional(),
  graph: z.object({ file: z.string(), bytes: z.number(), objects: z.number(), references: z.number() }).nullable(),
  notes: z.array(z.string()),
});

export const heapGraphSchema: z.ZodType<HeapGraphResult> = z.object({
  bytes: z.number(),
  objects: z.number(),
  references: z.number(),
  complete: z.boolean(),
  why: z.string(),
  notes: z.array(z.string()),
});

export const collectedSchema: z.ZodType<Collected> = z.object({
  collections: z.int().nonnegative(),
  durationMs: z.number().nonnegative(),
  finalizers: z.enum(['drained', 'unknown', 'timeout']),
});
