import type { Growth } from '@firstchance/model';

/** The growth of threads that this one is a part of: each thread brings its object, its stack and its statics. */
export function threadsOf(growth: readonly Growth[], one: Growth): Growth | undefined {
  const threads = growth.find(({ channel }) => channel === 'threads');
  if (threads === undefined || one === threads || one.follows !== threads.follows) return undefined;
  const { channel, type, path: [root = ''] = [] } = one;
  const part = channel === 'privateBytes.stacks' || type === 'System.Threading.Thread' || /^thread \d/.test(root);
  return part ? threads : undefined;
}
