import { diff, type HeapFile, rankGrowth, type TypeChange, withDominators } from '@firstchance/heap';
import type { HeapDiffResult } from '@firstchance/model';
import { heapFacts } from './facts.ts';

const CLASSES = ['own', 'async', 'framework', 'plumbing'];

/** What `diff` says: the types that grew with what holds them, then all changes. */
export function diffDocument(
  before: { heap: HeapFile; file: string },
  after: { heap: HeapFile; file: string },
  top: number,
): HeapDiffResult {
  const [then, now] = [withDominators(before.heap), withDominators(after.heap)];
  const { types, containers } = diff(then, now);
  return {
    schema: 1,
    before: heapFacts(then, before.file),
    after: heapFacts(now, after.file),
    growth: rankGrowth(then, now, suspects(types, top), 1).map((growth) => ({
      ...{ type: growth.type, module: growth.module, class: growth.class, instances: growth.instances },
      ...{ bytes: growth.bytes, retainedBytes: growth.retainedBytes, container: growth.container },
      ...{ path: [...growth.path], pattern: growth.pattern, cure: growth.cure, fingerprint: growth.fingerprint },
    })),
    changedTypes: types.length,
    types: types
      .slice(0, top)
      .map(({ type, module, before, after, unmoved }) => ({ type, module, before, after, unmoved })),
    containers: containers.slice(0, top).map((container) => ({ ...container, path: [...container.path] })),
  };
}

/** Types with more instances; plumbing grows with something else and is asked about only when nothing else grew. */
function suspects(types: readonly TypeChange[], top: number): TypeChange[] {
  const grown = types.filter(({ before, after }) => after.instances > before.instances);
  const telling = grown.filter((change) => change.class !== 'plumbing');
  return [...(telling.length > 0 ? telling : grown)]
    .sort((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) || retainedGrowth(b) - retainedGrowth(a))
    .slice(0, top);
}

function retainedGrowth({ before, after }: TypeChange): number {
  return (after.retainedBytes ?? 0) - (before.retainedBytes ?? 0);
}
