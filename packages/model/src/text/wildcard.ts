/**
 * Matches whole texts by a pattern in which `*` stands for any run of characters.
 * @param flags of the expression: "i" for either case, "s" when a text may have several lines
 */
export function wildcardMatcher(pattern: string, flags: 'i' | 's'): (text: string) => boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const expression = new RegExp(`^${source}$`, flags);
  return (text) => expression.test(text);
}
