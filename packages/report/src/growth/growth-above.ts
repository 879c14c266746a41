import type { Growth } from '@firstchance/model';

/** The growth that this one hangs on, and is because of: the type that holds it, or the threads that it is a part of. */
export function growthAbove(growth: readonly Growth[], one: Growth): Growth | undefined {
  return growth.find(({ type }) => type !== undefined && type === one.heldBy) ?? threadsOf(growth, one);
}

/** Each thread brings its object, its stack and its statics. */
function threadsOf(growth: readonly Growth[], one: Growth): Growth | undefined {
  const threads = growth.find(({ channel }) => channel === 'threads');
  if (threads === undefined || one === threads || one.follows !== threads.follows) return undefined;
  const { channel, type, path: [root = ''] = [] } = one;
  const part = channel === 'privateBytes.stacks' || type === 'System.Threading.Thread' || /^thread \d/.test(root);
  return part ? threads : undefined;
}
