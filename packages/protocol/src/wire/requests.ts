import { channelsSchema, typeInfoSchema } from '@firstchance/model';
import { z } from 'zod';
import {
  captureBriefSchema,
  durationSchema,
  endSchema,
  endStateSchema,
  exitSchema,
  finishedCheckSchema,
  idSchema,
  pidSchema,
  testSchema,
  textSchema,
} from './values.ts';

/** Requests of the client. Every one is answered or fails with what, why and cure. */
export const REQUESTS = {
  /** Must come first. `owner` is the runner's main process: the session ends with it. */
  'session/hello': {
    params: z.object({
      protocol: z.int(),
      role: z.enum(['owner', 'worker']),
      pid: pidSchema,
      /** False in a worker thread, whose tests are not those of the whole process. */
      mainThread: z.boolean(),
      runner: z.string().min(1).max(100),
      version: z.string().max(100),
      /** File in the private folder in which the worker tells of its tests. */
      journal: z.string().max(100).optional(),
    }),
    result: z.object({
      session: z.string(),
      folder: z.string(),
      captureMethods: z.array(z.string()),
      /** Memory is read after each test. */
      ledger: z.boolean(),
      /** Captures are taken where exceptions are thrown: one of a test may still be on its way when the test has passed. */
      atThrow: z.boolean(),
      /** The worker's journal is read. */
      journal: z.boolean(),
      /** For the owner: what went wrong before there was anybody to tell, in words. */
      problems: z.array(z.string()),
    }),
  },
  /** Starts a program in a process group of its own; its output and its end are told as progress. */
  'target/launch': {
    params: z.object({
      targetId: idSchema,
      command: z.array(textSchema).min(1).max(10_000),
      folder: textSchema,
      /** Added to the session's own environment. */
      environment: z.record(z.string(), textSchema),
    }),
    result: z.object({ pid: pidSchema }),
  },
  /** A .NET process that runs already: the agent is loaded into it. */
  'target/attach': {
    params: z.object({ pid: pidSchema }),
    result: z.object({ pid: pidSchema, name: z.string(), runtime: z.string().nullable() }),
  },
  /**
   * The .NET process of the session that listens where a URL goes, a web server that somebody else started; without a URL the
   * only one that the client's tests may use.
   */
  'target/find': { params: z.object({ url: textSchema.optional() }), result: z.object({ pid: pidSchema }) },
  /** Ends a launched target: SIGTERM to its group, SIGKILL after a while. */
  'target/stop': { params: z.object({ pid: pidSchema }), result: exitSchema },
  /** A test begins, or one that runs gets a new deadline, counted from now; null: none. */
  'test/begin': { params: z.object({ test: testSchema, deadlineMs: durationSchema.nullable() }), result: z.object({}) },
  /** A test has ended; of one that did not pass all captures are written when this is answered. */
  'test/end': {
    params: z.object({ testId: idSchema, state: endStateSchema }),
    result: z.object({ captures: z.array(captureBriefSchema) }),
  },
  /**
   * A capture now, of one process; or with pid null of every target that the named test may use: for a runner that gave up
   * on a test. Of kind deadline a test has one, whoever asks first; this then waits for it.
   */
  capture: {
    params: z.object({
      pid: pidSchema.nullable(),
      kind: z.enum(['manual', 'deadline']),
      reason: textSchema,
      testId: idSchema.optional(),
    }),
    result: z.object({ captures: z.array(captureBriefSchema) }),
  },
  /** All of one capture for people: what was thrown, stacks, what is awaited, where its dump is. Plain text. */
  'capture/report': { params: z.object({ captureId: idSchema }), result: z.object({ text: z.string() }) },
  census: {
    params: z.object({ pid: pidSchema }),
    result: z.object({
      pauseMs: z.number(),
      complete: z.boolean(),
      types: z.array(typeInfoSchema),
      channels: channelsSchema,
    }),
  },
  /**
   * A growth check on a process; answered when it is over. `operation` is a request ('GET /orders') that the server does, or
   * absent: then the server asks back with operation/run. Options are those of the configuration file's growth group.
   */
  'check/start': {
    params: z.object({
      checkId: idSchema,
      pid: pidSchema,
      name: z.string().min(1).max(1_000),
      operation: textSchema.optional(),
      options: z.record(z.string(), z.unknown()),
    }),
    result: finishedCheckSchema,
  },
  /** Cancels a check. */
  'check/close': { params: z.object({ checkId: idSchema }), result: z.object({}) },
  /** Ends the session: answered when the last capture is written. Launched targets live on until the owner is gone. */
  'session/close': { params: z.object({}), result: endSchema },
} as const;

export type RequestName = keyof typeof REQUESTS;
export type ParamsOf<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['params']>;
export type ResultOf<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['result']>;

/** The server asks the client that started a check to do so many operations, one after the other. */
export const OPERATION_RUN = {
  method: 'operation/run',
  params: z.object({ checkId: z.string(), count: z.int().positive() }),
  result: z.object({
    done: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    /** What the first one that failed said. */
    example: textSchema.optional(),
  }),
} as const;
export type OperationDone = z.infer<typeof OPERATION_RUN.result>;
