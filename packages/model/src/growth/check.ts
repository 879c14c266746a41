import { z } from 'zod';
import { amountSchema, millisecondsSchema } from '../records/process.ts';
import { stampShape } from '../records/stamp.ts';
import { typeInfoSchema } from '../records/threads.ts';
import { channelsSchema } from './channels.ts';
import { createdInSchema } from './created-in.ts';
import { verdictSchema } from './verdict.ts';

export const PHASES = ['warm-up', 'measure', 'idle', 'surge'] as const;

/** One measured repetition. */
export const roundSchema = z.object({
  index: amountSchema,
  phase: z.enum(PHASES),
  /** Operations in it. */
  dose: amountSchema,
  durationMs: millisecondsSchema,
  pauseMs: millisecondsSchema,
  channels: channelsSchema,
});
export type Round = z.infer<typeof roundSchema>;

/** Who holds native memory that grows. */
export const nativeOwnerSchema = z.object({
  /** One type, at least about half of it; nothing managed; several types, none of which holds half. */
  by: z.enum(['type', 'nothing', 'several']),
  /** Part of the growth that the type, or nothing, holds: 0 … 1. */
  share: z.number(),
  /** One sentence. */
  says: z.string(),
});
export type NativeOwnerInfo = z.infer<typeof nativeOwnerSchema>;

const growthShape = {
  channel: z.string(),
  type: z.string().nullable().exactOptional(),
  module: z.string().nullable().exactOptional(),
  perOperation: z.number(),
  bytesPerOperation: z.number().exactOptional(),
  /** What it follows: operations; rounds that did some, however many; time alone. */
  follows: z.enum(['operation', 'round', 'time']).exactOptional(),
  perRound: z.number().exactOptional(),
  perSecond: z.number().exactOptional(),
  /** Confidence interval of perOperation. */
  low: z.number(),
  high: z.number(),
  container: z.string().nullable().exactOptional(),
  /** From a root to the object: "static Shop.Store.s_sessions", "List<Session>" … */
  path: z.array(z.string()).exactOptional(),
  /** Another type of `growth` that it hangs on: it grows because that one does. */
  heldBy: z.string().exactOptional(),
  /** Where the root of `path` is the platform's and says little: the type above the object to look at. */
  keptBy: z.string().exactOptional(),
  /** Its level after each of `rounds`. */
  series: z.array(z.number()).exactOptional(),
  /** Own frames of the stack that allocates it, newest first: "Shop.Store.Open (Store.cs:42)". */
  owner: z.array(z.string()).exactOptional(),
  /** How much of the growth of a native channel this stack accounts for, 0.5 to 1. */
  ownerShare: z.number().exactOptional(),
  /** What creates its objects, where no frames were sampled: few places in the program's code, else absent. */
  createdIn: createdInSchema.exactOptional(),
  pattern: z.string().nullable().exactOptional(),
  /** What usually helps, one sentence. */
  cure: z.string().exactOptional(),
  /** What would go with the instances, per operation. */
  retainedBytesPerOperation: z.number().exactOptional(),
  /** Native memory that the objects hold, themselves or by what hangs on them, per operation. */
  nativeBytesPerOperation: z.number().exactOptional(),
  /** Of native memory: what holds it. `type`, `path` and so on are then those of the managed objects. */
  nativeOwner: nativeOwnerSchema.exactOptional(),
  /** Equal across builds and machines: SHA-256 over channel and path (from `keptBy` on; or the first own frames). */
  fingerprint: z.string(),
};
export const growthSchema = z.object(growthShape);
export type Growth = z.infer<typeof growthSchema>;
export const harmlessGrowthSchema = z.object({ ...growthShape, why: z.string() });
export type HarmlessGrowth = z.infer<typeof harmlessGrowthSchema>;

/** Growth that was found and does not fail: by a suppression's reason, by the baseline, or within the budget. */
export const acceptedGrowthSchema = z.object({
  ...growthShape,
  by: z.enum(['suppression', 'baseline', 'budget']),
  why: z.string(),
  /** "file:line" of the suppression. */
  where: z.string().exactOptional(),
});
export type AcceptedGrowth = z.infer<typeof acceptedGrowthSchema>;

/** One growth check with all its evidence: checks/<id>.json, and `check --json`. */
export const growthCheckSchema = z.object({
  schema: z.literal(1),
  verdict: verdictSchema,
  /** One sentence. */
  reason: z.string(),
  mode: z.enum(['quick', 'thorough']),
  operations: amountSchema,
  seed: z.int(),
  rounds: z.array(roundSchema),
  /** Application types first, then by growth of retained bytes. */
  growth: z.array(growthSchema),
  harmless: z.array(harmlessGrowthSchema),
  /** Found, and accepted beforehand. */
  accepted: z.array(acceptedGrowthSchema).exactOptional(),
  /** What could not be decided, and why. */
  unsure: z.array(harmlessGrowthSchema).exactOptional(),
  /** Operations after the warm-up: what the verdict rests on. */
  verifiedOperations: amountSchema.exactOptional(),
  /** Channels that could not be read and were not judged. */
  notMeasured: z.array(z.string()).exactOptional(),
  /** Heap files of the first measured round and of the end, relative to the session folder. */
  graphs: z.object({ before: z.string(), after: z.string(), operations: amountSchema }).exactOptional(),
  /** What to do about an INFRASTRUCTURE_ERROR. */
  cure: z.string().exactOptional(),
  /** The operation, "POST /run?n={n}": the check's name in a baseline. */
  name: z.string().exactOptional(),
  process: z.object({ pid: z.int(), name: z.string(), runtime: z.string().nullable() }).exactOptional(),
  /** Collections were asked for before each reading. */
  collected: z.boolean().exactOptional(),
  /** What could not be done and does not change the verdict. */
  notes: z.array(z.string()).exactOptional(),
  /** Null where it could not be computed. */
  minimumDetectable: z.object({
    instancesPerOperation: z.number().nullable(),
    managedBytesPerOperation: z.number().nullable(),
    nativeBytesPerOperation: z.number().nullable(),
  }),
});
export type GrowthCheck = z.infer<typeof growthCheckSchema>;

/** The manifest's line about a check. */
export const checkRecordSchema = z.object({
  record: z.literal('check'),
  ...stampShape,
  id: z.string().min(1),
  verdict: verdictSchema,
  reason: z.string(),
  /** "checks/….json", relative to the session folder. */
  path: z.string().min(1),
  /** Only of INCONCLUSIVE: whether it counted for the exit code. */
  fails: z.boolean().exactOptional(),
  /** The test that asked for it, where that is certain. */
  testId: z.string().exactOptional(),
});
export type CheckRecord = z.infer<typeof checkRecordSchema>;

/** The ledger: what a test left behind in memory. */
export const censusRecordSchema = z.object({
  record: z.literal('census'),
  ...stampShape,
  id: z.string().min(1),
  testId: z.string().nullable(),
  /** How many tests ran at that moment. */
  candidates: amountSchema,
  pauseMs: millisecondsSchema,
  /** More than at the census before; instances and bytes are differences. */
  left: z.array(typeInfoSchema),
  channels: channelsSchema,
  /** Tests that ended since the census before and share this one. */
  merged: z.array(z.string()),
});
export type CensusRecord = z.infer<typeof censusRecordSchema>;

/** All that a test left behind. */
export function bytesLeft({ left }: Pick<CensusRecord, 'left'>): number {
  return left.reduce((sum, type) => sum + type.bytes, 0);
}
