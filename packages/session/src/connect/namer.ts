import type { GrowthCandidate } from '@firstchance/heap';
import { withLimitHint } from '../growth/limit-hint.ts';
import { type ClassedGrowth, orderGrowth } from '../growth/order-growth.ts';
import type { CulpritNamer } from '../growth/ports.ts';

/** Loaded when something grows: most sessions end without. */
const heapPackage = () => import('@firstchance/heap');

/** Names what holds growing types from two heap files; what has no type (native memory, descriptors) has no holder either. */
export const heapNamer: CulpritNamer = {
  name: async ({ before, after, findings, operations }) => {
    const { fingerprint } = await heapPackage();
    const typed = findings.filter(({ type }) => typeof type === 'string');
    const candidates = typed.map(({ type, module }) => ({ type: type ?? '', module: module ?? '' }));
    const ranked = typed.length === 0 ? [] : await rank(before, after, candidates, operations);
    const named = ranked.flatMap((one): ClassedGrowth[] => {
      const { type, module, container, path, pattern, cure, heldBy, keptBy, fingerprint, retainedBytesPerOperation } =
        one;
      const finding = typed.find((candidate) => candidate.type === type && (candidate.module ?? '') === module);
      if (!finding) return [];
      const held = { container, path: [...path], pattern, ...(cure === '' ? {} : { cure }) };
      const hangs = { ...(heldBy === null ? {} : { heldBy }), ...(keptBy === null ? {} : { keptBy }) };
      return [{ growth: { ...finding, ...held, ...hangs, fingerprint, retainedBytesPerOperation }, class: one.class }];
    });
    const rest = findings
      .filter((finding) => !typed.includes(finding))
      .map((finding) => ({
        growth: { ...finding, fingerprint: fingerprint(finding.channel, []) },
        class: undefined,
      }));
    return orderGrowth([...named, ...rest]).map(withLimitHint);
  },
};

async function rank(before: string, after: string, candidates: readonly GrowthCandidate[], operations: number) {
  const { openHeapFile, rankGrowth } = await heapPackage();
  const heaps = { before: await openHeapFile(before), after: await openHeapFile(after) };
  return rankGrowth(heaps.before, heaps.after, candidates, operations);
}
