import { z } from 'zod';

export const pidSchema = z.int().positive();
/** Sizes in bytes, counts: never negative, exact up to 2^53. */
export const amountSchema = z.int().nonnegative();
/** Times in ms. */
export const millisecondsSchema = z.number().nonnegative();

/** A process as a record names it; null where nobody could tell (createdump knows no runtime version). */
export const processFactsSchema = z.object({
  name: z.string(),
  commandLine: z.array(z.string()),
  runtime: z.string().nullable(),
  architecture: z.string().nullable(),
});
export type ProcessFacts = z.infer<typeof processFactsSchema>;

export const moduleInfoSchema = z.object({
  name: z.string(),
  path: z.string(),
  mvid: z.string().exactOptional(),
  /** Load address, "0x…". */
  base: z.string().exactOptional(),
  /** Bytes of the file in memory. */
  size: amountSchema.exactOptional(),
  pdb: z.object({ guid: z.string(), age: amountSchema, path: z.string() }).exactOptional(),
});
export type ModuleInfo = z.infer<typeof moduleInfoSchema>;
