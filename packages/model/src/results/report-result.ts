import { z } from 'zod';
import { privateBytesSchema } from '../growth/channels.ts';
import { checkRecordSchema, growthCheckSchema } from '../growth/check.ts';
import { verdictSchema } from '../growth/verdict.ts';
import { captureDetailSchema, captureRecordSchema } from '../records/capture.ts';
import { amountSchema, millisecondsSchema } from '../records/process.ts';
import { problemRecordSchema, targetRecordSchema } from '../records/session.ts';
import { timeSchema } from '../records/stamp.ts';
import { testRecordSchema } from '../records/test.ts';
import { typeInfoSchema } from '../records/threads.ts';

const runSchema = z.object({
  id: z.string(),
  command: z.array(z.string()),
  /** Program to version. */
  versions: z.record(z.string(), z.string()),
  /** "linux-x64" */
  platform: z.string(),
  started: timeSchema,
  /** Null: it still runs, or was killed. */
  end: z.object({ time: timeSchema, exitCode: z.int(), reason: z.string() }).nullable(),
});

const ledgerEntrySchema = z.object({
  id: z.string(),
  /** Suites first; null when the census belongs to no test that is known. */
  title: z.array(z.string()).nullable(),
  testState: z.string().nullable(),
  /** How many tests ran at that moment. */
  candidates: amountSchema,
  /** Titles of the tests that share this census. */
  merged: z.array(z.string()),
  bytes: amountSchema,
  instances: amountSchema,
  /** Most bytes first. */
  left: z.array(typeInfoSchema),
  pauseMs: millisecondsSchema,
  time: timeSchema,
});

/** `report FOLDER --json`: one session folder, joined and sorted, most important first. */
export const reportResultSchema = z.object({
  schema: z.literal(1),
  /** Sessions in the folder, oldest first. */
  runs: z.array(runSchema),
  outcome: z.object({
    /** The worst there was; null: no session has ended. */
    exitCode: z.int().nullable(),
    /** The worst verdict; null when nothing was checked. */
    verdict: verdictSchema.nullable(),
    reason: z.string(),
  }),
  captures: z.array(
    z.object({
      record: captureRecordSchema,
      /** Its capture.json; null when that is gone or not readable. */
      detail: captureDetailSchema.nullable(),
      /** What became of its test; null when it belongs to none or nobody knows. */
      testState: z.string().nullable(),
    }),
  ),
  checks: z.array(z.object({ record: checkRecordSchema, check: growthCheckSchema.nullable() })),
  tests: z.array(z.object({ record: testRecordSchema, captureIds: z.array(z.string()) })),
  ledger: z.array(ledgerEntrySchema),
  /** Memory of the target by category at each census, in the order of time. */
  memory: z.array(
    z.object({
      time: timeSchema,
      title: z.string().nullable(),
      categories: privateBytesSchema,
      managedBytes: amountSchema.nullable(),
      residentBytes: amountSchema.nullable(),
    }),
  ),
  targets: z.array(targetRecordSchema),
  problems: z.array(problemRecordSchema),
  /** Matches that were not captured, added up by reason. */
  skipped: z.array(z.object({ why: z.string(), count: amountSchema })),
  /** Captures removed because their test passed. */
  removed: amountSchema,
  /** What of the folder could not be read, one sentence each. */
  unreadable: z.array(z.string()),
  totals: z.object({
    ...{ runs: amountSchema, captures: amountSchema, checks: amountSchema },
    /** Checks that counted as failed for the exit code, and those whose verdict is not PASS. */
    ...{ failedChecks: amountSchema, notPassed: amountSchema },
    ...{ tests: amountSchema, failedTests: amountSchema },
    /** `ledgerGrown`: entries in which something was left. */
    ...{ ledger: amountSchema, ledgerGrown: amountSchema },
    ...{ memory: amountSchema, targets: amountSchema, problems: amountSchema, unreadable: amountSchema },
  }),
});
export type ReportResult = z.infer<typeof reportResultSchema>;
