import { conforms } from '@firstchance/model';
import type { z } from 'zod';
import { EngineError } from './error.ts';

/** An answer as its type says, with the fields of a newer engine left in. @throws EngineError `internal` */
export function understand<T>(method: string, schema: z.ZodType<T>, answer: unknown): T {
  const checked = conforms(schema, answer);
  if (checked.ok) return checked.value;
  throw new EngineError({
    code: 'internal',
    what: `Reading the engine's answer to ${method}`,
    why: checked.problem,
    cure: 'Install firstchance and its engine in the same version.',
  });
}
