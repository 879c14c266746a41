/* What was thrown may be anything: these tell of it what errors tell. */

/** Its message; of what is no error the text it has. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Its `code` where that is a text: "ENOENT" of the system, "permission-denied" of ours. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
