import { z } from 'zod';
import { pidSchema } from './process.ts';
import { SCHEMA_VERSION, timeSchema } from './stamp.ts';

/** session.json: what was run, and where its sockets are while it runs. In a shared folder: of the session that began last. */
export const sessionFileSchema = z.object({
  schema: z.literal(SCHEMA_VERSION),
  id: z.string().min(1),
  started: timeSchema,
  /** Null while it runs, and for ever when it was killed. */
  ended: timeSchema.nullable(),
  command: z.array(z.string()),
  versions: z.record(z.string(), z.string()),
  /** "linux-x64" */
  platform: z.string(),
  /** The process that owns the session; start time in clock ticks after boot, which tells it from a later one of that pid. */
  owner: z.object({ pid: pidSchema, startTime: z.string().regex(/^\d+$/) }),
  /** Private folder of its sockets; null when the session is over. */
  privateFolder: z.string().nullable(),
  /** Capture methods that can be tried, best first. */
  captureMethods: z.array(z.string()),
  exitCode: z.int().nullable(),
});
export type SessionFile = z.infer<typeof sessionFileSchema>;
