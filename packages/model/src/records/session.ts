import { z } from 'zod';
import { verdictSchema } from '../growth/verdict.ts';
import { amountSchema, pidSchema } from './process.ts';
import { stampShape, timeSchema } from './stamp.ts';
import { agentStateSchema, captureKindSchema } from './vocabulary.ts';

export const sessionRecordSchema = z.object({
  record: z.literal('session'),
  ...stampShape,
  id: z.string().min(1),
  command: z.array(z.string()),
  /** Program to version: firstchance, engine, node … */
  versions: z.record(z.string(), z.string()),
  /** "linux-x64" */
  platform: z.string(),
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

/** A .NET process of the session; the last record of a pid wins. */
export const targetRecordSchema = z.object({
  record: z.literal('target'),
  ...stampShape,
  pid: pidSchema,
  name: z.string(),
  commandLine: z.array(z.string()),
  runtime: z.string().nullable(),
  architecture: z.string().nullable(),
  agent: agentStateSchema,
  started: timeSchema,
  ended: timeSchema.exactOptional(),
  /** Null when nobody could tell: only a parent learns it. */
  exitCode: z.int().nullable().exactOptional(),
});
export type TargetRecord = z.infer<typeof targetRecordSchema>;

/** Matches that were not captured; records of one kind add up. */
export const skippedRecordSchema = z.object({
  record: z.literal('skipped'),
  ...stampShape,
  trigger: captureKindSchema,
  exceptionType: z.string().nullable(),
  /** "per-place", "per-type", "max-disk" … */
  why: z.string(),
  count: z.int().positive(),
});
export type SkippedRecord = z.infer<typeof skippedRecordSchema>;

/** What was tried, on what, what the system answered, what to do. */
export const problemRecordSchema = z.object({
  record: z.literal('problem'),
  ...stampShape,
  what: z.string(),
  where: z.string(),
  why: z.string(),
  cure: z.string(),
});
export type ProblemRecord = z.infer<typeof problemRecordSchema>;

export const endRecordSchema = z.object({
  record: z.literal('end'),
  ...stampShape,
  exitCode: z.int(),
  /** Null when no check was asked for. */
  verdict: verdictSchema.nullable(),
  /** What decided the exit code, one sentence. */
  reason: z.string(),
  captures: amountSchema,
  checks: amountSchema,
  problems: amountSchema,
});
export type EndRecord = z.infer<typeof endRecordSchema>;
