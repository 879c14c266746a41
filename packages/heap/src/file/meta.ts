import { conforms, errorText } from '@firstchance/model';
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
  /** Assemblies that were loaded from files; path as the process saw it, mvid empty where it could not be read. */
  modules: z.array(z.object({ name: z.string(), path: z.string(), mvid: z.string() })).exactOptional(),
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

export const MAXIMUM_META_BYTES = 16 * 2 ** 20;

/** The meta section, checked. */
export function parseMeta(bytes: Uint8Array): { ok: true; value: HeapMeta } | { ok: false; problem: string } {
  if (bytes.length > MAXIMUM_META_BYTES) return { ok: false, problem: 'it is too long' };
  try {
    return conforms(metaSchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    return { ok: false, problem: errorText(error) };
  }
}
