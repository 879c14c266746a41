import {
  captureRecordSchema,
  censusRecordSchema,
  problemRecordSchema,
  testStateSchema,
  verdictSchema,
} from '@firstchance/model';
import { z } from 'zod';

/* What requests and notifications are made of. Times in ms, sizes in bytes. */

const MAX_TEXT = 100_000;
/** Texts of a runner may be long, not endless. */
export const textSchema = z.string().max(MAX_TEXT);
export const pidSchema = z.int().positive();
export const idSchema = z.string().min(1).max(4_096);
/** Timers hold no more (2^31 - 1 ms). */
export const durationSchema = z.number().nonnegative().max(2_147_483_647);

/** A test as its runner names it; `id` is unique in the session, a retry has one of its own. */
export const testSchema = z.object({
  id: idSchema,
  /** Suites first, the test's own name last. */
  title: z.array(textSchema).max(1_000),
  file: textSchema.nullable(),
  /** From 1. */
  line: z.int().positive().nullable(),
  runner: z.string().min(1).max(100),
  /** From 1. */
  attempt: z.int().positive(),
  /** Of runners that run one test in several configurations. */
  project: textSchema.optional(),
  /** Of the runner's workers, from 0. */
  worker: z.int().nonnegative().optional(),
});
export type TestInfo = z.infer<typeof testSchema>;

export const endStateSchema = testStateSchema.exclude(['started']);
export type EndState = z.infer<typeof endStateSchema>;

/** A capture as a test's result names it. */
export const captureBriefSchema = z.object({
  id: z.string(),
  kind: z.string(),
  pid: pidSchema,
  /** Absolute path of its folder. */
  folder: z.string(),
  /** Absolute path of the dump; null when only capture.json was written. */
  dump: z.string().nullable(),
  /** "System.InvalidOperationException: message"; null when it is about no exception. */
  exception: z.string().nullable(),
  /** One line for people. */
  text: z.string(),
});
export type CaptureBrief = z.infer<typeof captureBriefSchema>;

export const exitSchema = z.object({ exitCode: z.int().nullable(), signal: z.string().nullable() });
export type TargetExit = z.infer<typeof exitSchema>;

/** A growth check that is over. */
export const finishedCheckSchema = z.object({
  id: z.string(),
  verdict: verdictSchema,
  reason: z.string(),
  /** By the verdict, and for INCONCLUSIVE by mode and onInconclusive. */
  passed: z.boolean(),
  /** Absolute path of checks/….json. */
  evidence: z.string(),
  /** What the terminal would show. */
  text: z.string(),
});
export type FinishedGrowthCheck = z.infer<typeof finishedCheckSchema>;

export const endSchema = z.object({
  exitCode: z.int(),
  reason: z.string(),
  verdict: verdictSchema.nullable(),
  captures: z.int().nonnegative(),
  checks: z.int().nonnegative(),
  problems: z.int().nonnegative(),
  /** .NET programs that were seen. */
  targets: z.int().nonnegative(),
  /** A worker told of a test. */
  testsTold: z.boolean(),
  /** Lines for people: what was captured, where it lies. */
  text: z.string(),
});
export type SessionEndInfo = z.infer<typeof endSchema>;

export const progressSchema = z.discriminatedUnion('about', [
  /** A launched target wrote something. */
  z.object({
    about: z.literal('output'),
    targetId: z.string(),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string(),
  }),
  z.object({ about: z.literal('exit'), targetId: z.string(), pid: pidSchema, ...exitSchema.shape }),
  z.object({ about: z.literal('check'), checkId: z.string(), done: z.number(), expected: z.number() }),
  /** Stacks at a deadline, when they were asked for. */
  z.object({ about: z.literal('stacks'), text: z.string() }),
]);
export type Progress = z.infer<typeof progressSchema>;

/** Notifications to the client. The runner's main process gets all, a worker those about its own tests. */
export const NOTIFICATIONS = {
  capture: z.object({ record: captureRecordSchema, brief: captureBriefSchema }),
  census: z.object({ record: censusRecordSchema }),
  problem: z.object({ record: problemRecordSchema, text: z.string() }),
  progress: progressSchema,
} as const;
export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationOf<N extends NotificationName> = z.infer<(typeof NOTIFICATIONS)[N]>;
