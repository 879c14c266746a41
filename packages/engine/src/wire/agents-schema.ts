import { z } from 'zod';
import type { AgentTotals } from '../engine.ts';
import type { DecideRequest, EngineEvents } from './agents.ts';
import { captureMethodSchema, captureResultSchema, gcSchema, progressSchema } from './capture-schema.ts';
import type { WireError } from './error.ts';

/* What a message about agents must hold to be used. Fields that a newer engine adds are let through. */

const decideShape = {
  captureToken: z.string(),
  pid: z.int(),
  threadId: z.int(),
  trigger: z.object({ kind: z.string(), detail: z.string() }),
  pauseMs: z.number(),
  captureMethod: captureMethodSchema,
  gc: gcSchema,
  exception: z
    .object({ type: z.string(), message: z.string().nullable(), hresult: z.int(), address: z.string() })
    .nullable(),
  test: z.object({ name: z.string(), candidates: z.int() }).nullable(),
};
export const decideRequestSchema: z.ZodType<DecideRequest> = z.object(decideShape);

export const totalsSchema: z.ZodType<AgentTotals> = z.object({
  matched: z.int(),
  captured: z.int(),
  skipped: z.int(),
  dropped: z.int(),
});

export const payloadSchema = z.object({ clsid: z.string(), path: z.string(), dataBase64: z.string() });

/** The codes are not checked one by one: a newer engine may have more, and its sentence is what matters. */
const errorSchema = z.object({ code: z.string(), what: z.string(), why: z.string(), cure: z.string(), errno: z.int() });

const process = { pid: z.int() };
export const eventSchemas: { readonly [E in keyof EngineEvents]: z.ZodType<EngineEvents[E]> } = {
  'capture/done': z.object({
    captureToken: z.string(),
    result: captureResultSchema.exactOptional(),
    error: (errorSchema as unknown as z.ZodType<WireError>).exactOptional(),
  }),
  'capture/progress': z.object({ captureToken: z.string(), value: progressSchema }),
  'agents/connected': z.object({ ...process, runtime: z.string(), how: z.enum(['startup', 'attach']) }),
  'agents/disconnected': z.object(process),
  'agents/exception': z.object({
    ...{ ...process, threadId: z.int(), type: z.string(), message: z.string().nullable() },
    ...{ rethrow: z.boolean(), matched: z.boolean() },
  }),
  'agents/test': z.object({
    ...{ ...process, threadId: z.int(), name: z.string() },
    state: z.enum(['started', 'passed', 'failed', 'skipped', 'ended']),
  }),
  'agents/skipped': z.object({ ...process, type: z.string(), why: z.string(), count: z.int() }),
  log: z.object({ level: z.string(), text: z.string() }),
};
