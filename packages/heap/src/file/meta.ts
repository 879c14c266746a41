import { conforms } from '@firstchance/model';
import { z } from 'zod';

const amount = z.number().nonnegative();
const nativeTotalSchema = z.object({ blocks: amount, bytes: amount, heldBytes: amount });

const metaSchema = z.object({
  engine: z.string().exactOptional(),
  time: z.string(),
  pid: z.int(),
  process: z.object({
    name: z.string(),
    commandLine: z.array(z.string()),
    runtime: z.string().nullable(),
    architecture: z.string().nullable(),
  }),
  pauseMs: z.number().nullable().exactOptional(),
  gc: z.string().exactOptional(),
  /** False: holes, dangling references or roots that were not read. */
  complete: z.boolean(),
  why: z.string(),
  objects: z.number().exactOptional(),
  bytes: z.number().exactOptional(),
  unreachableObjects: z.number().exactOptional(),
  unreachableBytes: z.number().exactOptional(),
  freeBytes: z.number().exactOptional(),
  notes: z.array(z.string()),
  /** Native memory of the process; with section "native". `why`: what was not looked at. */
  native: z
    .object({
      why: z.string(),
      malloc: nativeTotalSchema,
      anonymous: nativeTotalSchema,
      file: nativeTotalSchema,
    })
    .exactOptional(),
});
export type HeapMeta = z.infer<typeof metaSchema>;

/** The meta section, checked. */
export function parseMeta(text: string): { ok: true; value: HeapMeta } | { ok: false; problem: string } {
  try {
    return conforms(metaSchema, JSON.parse(text));
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
