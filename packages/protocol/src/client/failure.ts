import { errorText, FirstchanceError } from '@firstchance/model/options';
import { ResponseError } from 'vscode-jsonrpc/node';

/** An answer that is an error, as the error it was: what, why and cure where it has them. */
export function fromRpcError(method: string, error: unknown): FirstchanceError {
  const told = error instanceof ResponseError ? (error.data as Record<string, unknown> | null | undefined) : undefined;
  const { code, what, why, cure } = told ?? {};
  if (isText(code) && isText(what) && isText(why) && isText(cure))
    return new FirstchanceError({ code, what, why, cure }, { cause: error });
  const message = errorText(error);
  return new FirstchanceError(
    { code: 'request-failed', what: `The request ${method}`, why: message },
    { cause: error },
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
