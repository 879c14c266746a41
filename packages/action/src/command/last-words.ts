/** The last line of what a firstchance command said, without the name it begins with; empty when it said nothing. */
export function lastWords(said: string): string {
  const last = said.trim().split('\n').at(-1) ?? '';
  return last.replace(/^firstchance: /, '');
}
