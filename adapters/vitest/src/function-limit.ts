interface Timed {
  readonly startTime?: unknown;
  readonly endTime?: unknown;
}

/**
 * Tells when Vitest begins a hook or a test's function that has a limit, and which, in ms. Of afterAll and afterEach it keeps the
 * limit nowhere else: it notes it on the runner when the function begins (3.2 and 4: `_currentTaskTimeout`, 5: `_deadline`). Should
 * a later version do neither, nothing is told, and hooks count as having the usual limit.
 */
export function onFunctionBegin(runner: object, tell: (limitMs: number) => void): void {
  const seen = new WeakSet<object>();
  note(runner, '_currentTaskTimeout', (value) => {
    if (typeof value === 'number') tell(value);
  });
  note(runner, '_deadline', (value) => {
    // The one around it comes back when a function has ended.
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const { startTime, endTime } = value as Timed;
    if (typeof startTime === 'number' && typeof endTime === 'number') tell(endTime - startTime);
  });
}

/** Everything of the property stays as it is. */
function note(runner: object, name: string, tell: (value: unknown) => void): void {
  let present = (runner as Record<string, unknown>)[name];
  Object.defineProperty(runner, name, {
    configurable: true,
    get: () => present,
    set: (value: unknown) => {
      present = value;
      tell(value);
    },
  });
}
