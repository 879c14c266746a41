import { z } from 'zod';
import { createdInSchema } from '../growth/created-in.ts';
import { amountSchema } from '../records/process.ts';

/* What heap, diff and path say with --json. Sizes in bytes; retained sizes are null where nobody has computed dominators. */

const retained = amountSchema.nullable();
/** "0x7f12a4001e28" */
const address = z.string().regex(/^0x[0-9a-f]+$/);
/** Root, then short type names: "static Shop.Store.s_sessions", "List<Session>", "Session[]", "Session". */
const path = z.array(z.string());

/** Which heap. */
export const heapFactsSchema = z.object({
  file: z.string(),
  process: z.string(),
  pid: z.int(),
  runtime: z.string().nullable(),
  architecture: z.string().nullable(),
  time: z.string(),
  /** Reachable ones. */
  objects: amountSchema,
  bytes: amountSchema,
  references: amountSchema,
  /** False when a part of the heap could not be read; why says which. */
  complete: z.boolean(),
  why: z.string(),
  notes: z.array(z.string()),
});
export type HeapFacts = z.infer<typeof heapFactsSchema>;

const typeSize = z.object({
  type: z.string(),
  module: z.string(),
  instances: amountSchema,
  bytes: amountSchema,
  retainedBytes: retained,
});

interface HeldGroup {
  type: string;
  module: string;
  instances: number;
  retainedBytes: number;
  children: readonly HeldGroup[];
}
const heldGroup: z.ZodType<HeldGroup> = z.lazy(() =>
  z.object({
    ...{ type: z.string(), module: z.string(), instances: amountSchema, retainedBytes: amountSchema },
    children: z.array(heldGroup),
  }),
);
export type HeldGroupInfo = HeldGroup;

/** Native memory by the type of the object that is nearest to it. */
const nativeMemory = z.object({
  /** All that was found, what no reachable object leads to included. */
  bytes: amountSchema,
  unheldBytes: amountSchema,
  /** What was not looked at; empty: nothing. */
  why: z.string(),
  /** How many types hold some; owners may hold fewer (--top). */
  ownerCount: amountSchema,
  /** By bytes; sureBytes: what objects point to themselves or over one native block. */
  owners: z.array(
    z.object({
      ...{ type: z.string(), module: z.string(), objects: amountSchema },
      ...{ bytes: amountSchema, sureBytes: amountSchema },
    }),
  ),
});

/** `heap FILE --json` */
export const heapResultSchema = z.object({
  schema: z.literal(1),
  heap: heapFactsSchema,
  /** Dead objects that still take space; null when the file does not say. */
  unreachable: z.object({ instances: amountSchema, bytes: amountSchema }).nullable(),
  /** How many types there are; types may hold fewer (--top). */
  typeCount: amountSchema,
  types: z.array(typeSize),
  /** Null when the file does not say who holds native memory. */
  native: nativeMemory.nullable().exactOptional(),
  /** Objects that nothing but roots holds, by what they retain; below them what they hold, by type. */
  dominators: z.array(
    z.object({
      ...{ type: z.string(), module: z.string(), instances: amountSchema, retainedBytes: amountSchema },
      ...{ address, path, children: z.array(heldGroup) },
    }),
  ),
});
export type HeapResult = z.infer<typeof heapResultSchema>;

const typeTotals = z.object({ instances: amountSchema, bytes: amountSchema, retainedBytes: retained });
const containerSize = z.object({ objects: amountSchema, elements: amountSchema, retainedBytes: retained });

/** `diff BEFORE AFTER --json` */
export const heapDiffResultSchema = z.object({
  schema: z.literal(1),
  before: heapFactsSchema,
  after: heapFactsSchema,
  /** Types that grew, own ones first, with what holds the new objects. */
  growth: z.array(
    z.object({
      ...{ type: z.string(), module: z.string(), class: z.enum(['own', 'async', 'framework', 'plumbing']) },
      /** Differences. */
      ...{ instances: z.number(), bytes: z.number(), retainedBytes: z.number() },
      ...{ container: z.string().nullable(), path, pattern: z.string().nullable(), cure: z.string() },
      fingerprint: z.string(),
    }),
  ),
  changedTypes: amountSchema,
  types: z.array(
    z.object({
      ...{ type: z.string(), module: z.string(), before: typeTotals, after: typeTotals },
      /** Objects at the same address in both. */
      unmoved: amountSchema,
    }),
  ),
  containers: z.array(z.object({ type: z.string(), path, before: containerSize, after: containerSize })),
});
export type HeapDiffResult = z.infer<typeof heapDiffResultSchema>;

/** `path FILE --type T --json` */
export const heapPathResultSchema = z.object({
  schema: z.literal(1),
  heap: heapFactsSchema,
  type: z.string(),
  module: z.string(),
  instances: amountSchema,
  bytes: amountSchema,
  retainedBytes: retained,
  /** Null where the assemblies are not at hand or say nothing. */
  createdIn: createdInSchema.nullable(),
  pathCount: amountSchema,
  /** Ways in which the objects are held, most objects first. */
  paths: z.array(
    z.object({
      ...{ path, rootKind: z.string(), instances: amountSchema, bytes: amountSchema, retainedBytes: retained },
      /** Address of the newest of them. */
      example: address,
      ...{ pattern: z.string().nullable(), cure: z.string(), fingerprint: z.string() },
    }),
  ),
  /** With --address: the way to this object, and all that refers to it. */
  object: z
    .object({
      ...{ address, bytes: amountSchema, retainedBytes: retained, root: z.string() },
      path: z.array(z.object({ type: z.string(), address })),
      referrers: z.array(z.object({ type: z.string(), instances: amountSchema })),
    })
    .nullable(),
});
export type HeapPathResult = z.infer<typeof heapPathResultSchema>;
