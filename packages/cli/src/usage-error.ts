/** Wrong usage or configuration: exit code 64, one sentence that says what is wrong and what is right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
