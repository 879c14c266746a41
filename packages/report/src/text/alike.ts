import type { StackFrame, ThreadInfo } from '@firstchance/model';
import { ownFrames } from './own-code.ts';

const SOME_IDS = 8;

/** One thing, and the others that say the same. */
export type Alike<Thing> = [Thing, ...Thing[]];

/** Things that say the same, together, in the order of the first of each. */
export function alike<Thing>(things: readonly Thing[], says: (thing: Thing) => string): Alike<Thing>[] {
  const groups = new Map<string, Alike<Thing>>();
  for (const thing of things) {
    const key = says(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return [...groups.values()];
}

/** Equal for threads whose stacks read the same. */
export function stackKey(stack: readonly StackFrame[]): string {
  return ownFrames(stack)
    .map(({ method, file, line }) => `${method}\0${file}\0${line}`)
    .join('\n');
}

/** ", and 3 more with the same stack: 11, 12, 13" */
export function alsoThere(threads: readonly ThreadInfo[]): string {
  if (threads.length === 0) return '';
  const ids = threads.slice(0, SOME_IDS).map(({ osId }) => osId);
  return `, and ${threads.length} more with the same stack: ${ids.join(', ')}${threads.length > SOME_IDS ? ', …' : ''}`;
}
