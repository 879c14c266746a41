import { z } from 'zod';
import { captureMethodSchema } from './capture-schema.ts';
import type { EngineHello, ProcessFacts } from './process.ts';

/* What an answer must hold to be used. Fields that a newer engine adds are let through. */

export const helloSchema: z.ZodType<EngineHello> = z.object({
  version: z.string(),
  pid: z.int(),
  architecture: z.string(),
  libc: z.string(),
  agentPath: z.string(),
});

export const processFactsSchema: z.ZodType<ProcessFacts> = z.object({
  pid: z.int(),
  name: z.string(),
  commandLine: z.array(z.string()),
  uid: z.int(),
  architecture: z.string(),
  namespacePid: z.int(),
  sameMountNamespace: z.boolean(),
  tracerPid: z.int(),
  seccompMode: z.int(),
  runtime: z.object({
    kind: z.enum(['coreclr', 'single-file', 'nativeaot', 'mono', 'none', 'unknown']),
    path: z.string(),
    version: z.string(),
    buildId: z.string(),
    libc: z.string(),
    dacPath: z.string().nullable(),
    why: z.string().exactOptional(),
  }),
  residentBytes: z.number(),
  threads: z.int(),
  methods: z.array(z.object({ captureMethod: captureMethodSchema, available: z.boolean(), why: z.string() })),
});
