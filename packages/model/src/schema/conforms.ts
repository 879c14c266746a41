import type { z } from 'zod';

/**
 * Checks without rewriting: fields that we do not know stay, because a newer version may have written them.
 * The problem names the first thing that is wrong, "trigger.kind: Invalid option …".
 */
export function conforms<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { ok: true; value: T } | { ok: false; problem: string } {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: value as T };
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return { ok: false, problem: `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not understood'}` };
}
