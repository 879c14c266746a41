/** Where Vitest keeps the limit of a beforeAll or beforeEach; of hooks that come after it keeps none. */
const LIMIT = Symbol.for('VITEST_CLEANUP_TIMEOUT');

/**
 * How long hooks that run one after another may take in all, in ms.
 * @param usual limit of those of which none is known
 * @returns null when there are none; Infinity when one has no limit
 */
export function limitOfHooks(hooks: readonly unknown[], usual: number): number | null {
  if (hooks.length === 0) return null;
  return hooks.reduce<number>((sum, hook) => sum + limitOf(hook, usual), 0);
}

function limitOf(hook: unknown, usual: number): number {
  const own = typeof hook === 'function' ? (hook as { [LIMIT]?: unknown })[LIMIT] : undefined;
  const limit = typeof own === 'number' ? own : usual;
  return limit > 0 ? limit : Number.POSITIVE_INFINITY;
}
