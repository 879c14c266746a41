import { z } from 'zod';

/** One growth as it was when the baseline was written. */
export const baselineGrowthSchema = z.object({
  fingerprint: z.string(),
  channel: z.string(),
  type: z.string().nullable(),
  perOperation: z.number(),
  low: z.number(),
  high: z.number(),
  bytesPerOperation: z.number().nullable(),
});
export type BaselineGrowth = z.infer<typeof baselineGrowthSchema>;

/** Growth per check, by the check's name ("POST /run?kind=ok", a test's id): for files kept with the sources. */
export const baselineSchema = z.object({
  schema: z.literal(1),
  checks: z.record(z.string(), z.object({ growth: z.array(baselineGrowthSchema) })),
});
export type Baseline = z.infer<typeof baselineSchema>;
