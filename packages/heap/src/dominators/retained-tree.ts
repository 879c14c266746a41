import type { HeapFile } from '../graph/heap.ts';
import { withDominators } from './compute-dominators.ts';
import { dominated } from './dominated.ts';
import { type DominatorGroup, dominatedGroups } from './dominated-groups.ts';

/** Enough for a picture that fills a page; groups below half a per cent of all are too small to be seen in one. */
const LIMITS = { depth: 6, width: 16 };
const LEAST_SHARE = 0.005;

/** What all roots together hold, by type, and below each type what only its objects hold; largest first, without the small. */
export function retainedTree(given: HeapFile): DominatorGroup[] {
  const heap = withDominators(given);
  const tree = dominated(heap);
  if (!tree) return [];
  let all = 0;
  for (let node = 0; node < heap.nodeCount; node++) all += (heap.size8[node] ?? 0) * 8;
  return dominatedGroups(heap, tree).below([heap.nodeCount], { ...LIMITS, least: all * LEAST_SHARE });
}
