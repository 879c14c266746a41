import { z } from 'zod';

/** Known growth: what it is, why it is accepted, until when. One of fingerprint, type, path and channel at least. */
export const suppressionSchema = z
  .strictObject({
    /** As a check prints it: equal across builds and machines. */
    fingerprint: z.string().min(8).optional(),
    /** Type name; * and ? are wildcards. */
    type: z.string().min(1).optional(),
    /** A part of the path from the root, "static Shop.Store.s_sessions"; * and ? are wildcards. */
    path: z.string().min(1).optional(),
    /** Channel: instances, mallocBytes, fileDescriptors … */
    channel: z.string().min(1).optional(),
    /** Why it is accepted. */
    reason: z.string().min(1),
    /** Where it is being worked on. */
    issue: z.url().optional(),
    /** Last day on which it holds, YYYY-MM-DD. */
    expires: z.iso.date().optional(),
    /** Growth beyond this is not covered: "2KB", or bytes. */
    maxBytesPerOperation: z
      .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?\s*[kKmMgG]?[iI]?[bB]?$/)])
      .optional(),
  })
  .refine(({ fingerprint, type, path, channel }) => (fingerprint ?? type ?? path ?? channel) !== undefined, {
    message: 'says nothing about what to suppress: give a fingerprint, type, path or channel',
  });
export type Suppression = z.infer<typeof suppressionSchema>;

/** A suppression file, YAML or JSON. */
export const suppressionFileSchema = z.strictObject({
  $schema: z.string().optional(),
  suppressions: z.array(suppressionSchema),
});
