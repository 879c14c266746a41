/** A re-run job leaves its artifact again; what passed before is there from its own attempt only. */
export function newestAttempts<T extends { readonly name: string }>(artifacts: readonly T[]): T[] {
  const newest = new Map<string, number>();
  for (const { name } of artifacts) {
    const { stem, attempt } = withoutAttempt(name);
    newest.set(stem, Math.max(newest.get(stem) ?? 0, attempt));
  }
  return artifacts.filter(({ name }) => {
    const { stem, attempt } = withoutAttempt(name);
    return newest.get(stem) === attempt;
  });
}

/** The same job's artifact of another attempt has the same stem: "firstchance-test-1-report" → "firstchance-test". */
function withoutAttempt(name: string): { readonly stem: string; readonly attempt: number } {
  const [, stem = name, attempt = '0'] = /^(.*)-(\d+)-report(?:-\d+)?$/.exec(name) ?? [];
  return { stem, attempt: Number(attempt) };
}
