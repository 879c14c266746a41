import { z } from 'zod';
import type { NativeReport } from './native-sampling.ts';
import { frameSchema } from './sampling-schema.ts';

export const nativeReportSchema: z.ZodType<NativeReport> = z.object({
  samples: z.int().nonnegative(),
  survivors: z.int().nonnegative(),
  full: z.boolean(),
  complete: z.boolean(),
  nativeSites: z.array(
    z.object({
      resource: z.enum(['block', 'anonymous', 'mapped', 'descriptor', 'socket']),
      samples: z.int().nonnegative(),
      count: z.number().nonnegative(),
      bytes: z.number().nonnegative(),
      frames: z.array(frameSchema),
    }),
  ),
});
