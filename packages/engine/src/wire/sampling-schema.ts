import { z } from 'zod';
import type { SurvivorReport } from './sampling.ts';

export const frameSchema = z.object({
  method: z.string(),
  modulePath: z.string(),
  token: z.int(),
  ilOffset: z.int().nullable(),
});

export const survivorReportSchema: z.ZodType<SurvivorReport> = z.object({
  samples: z.int().nonnegative(),
  survivors: z.int().nonnegative(),
  full: z.boolean(),
  complete: z.boolean(),
  sites: z.array(
    z.object({
      type: z.string(),
      samples: z.int().nonnegative(),
      bytes: z.number().nonnegative(),
      frames: z.array(frameSchema),
    }),
  ),
});
