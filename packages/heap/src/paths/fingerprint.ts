import { createHash } from 'node:crypto';

/**
 * SHA-256, hex, over channel and names of one way in which memory is held; equal across builds and machines. Array slots are
 * written "[x]", so that "Shop.Session[]" and slots by number are the same. `names`: root and full type names of a path, or the
 * first own frames of a stack.
 */
export function fingerprint(channel: string, names: readonly string[]): string {
  const normal = names.map((name) => name.replace(/\[[\d,*]*\]/g, '[x]'));
  return createHash('sha256')
    .update([channel, ...normal].join('\n'))
    .digest('hex');
}
