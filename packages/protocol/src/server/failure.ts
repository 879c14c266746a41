import { advice, ELSEWHERE, errorText } from '@firstchance/model/options';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { z } from 'zod';

/** JSON-RPC code of an expected failure that explains itself. */
const EXPLAINED = -32_000;

const explanationSchema = z.object({ code: z.string(), what: z.string(), why: z.string(), cure: z.string() });

/** An error as it goes over the wire: its message, and what, why and cure where it has them. */
export function toResponseError(error: unknown): ResponseError<unknown> {
  if (error instanceof ResponseError) return error;
  const message = advice(errorText(error), ELSEWHERE);
  const checked = explanationSchema.safeParse(error instanceof Error ? { cure: '', ...pick(error) } : error);
  if (checked.success)
    return new ResponseError(EXPLAINED, message, { ...checked.data, cure: advice(checked.data.cure, ELSEWHERE) });
  return new ResponseError(ErrorCodes.InternalError, message);
}

export function invalidParams(method: string, problem: string): ResponseError<unknown> {
  return new ResponseError(ErrorCodes.InvalidParams, `${method}: ${problem}`);
}

function pick(error: Error): Record<string, unknown> {
  const { code, what, why, cure } = error as Error & Record<string, unknown>;
  return { code, what, why, ...(cure === undefined ? {} : { cure }) };
}
