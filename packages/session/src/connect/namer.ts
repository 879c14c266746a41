import type { GrowthFinding } from '@firstchance/growth';
import { fingerprint, openHeapFile, rankGrowth } from '@firstchance/heap';
import type { Growth } from '@firstchance/model';
import type { CulpritNamer } from '../growth/ports.ts';

/** Names what holds growing types from two heap files; what has no type (native memory, descriptors) comes after them. */
export const heapNamer: CulpritNamer = {
  name: async ({ before, after, findings, operations }) => {
    const typed = findings.filter(hasType);
    const heaps = typed.length === 0 ? undefined : await Promise.all([openHeapFile(before), openHeapFile(after)]);
    const ranked = heaps ? rankGrowth(heaps[0], heaps[1], typed, operations) : [];
    const named = ranked.flatMap((rank): Growth[] => {
      const finding = typed.find(({ type, module }) => type === rank.type && module === rank.module);
      if (!finding) return [];
      const { container, path, pattern, cure, retainedBytesPerOperation } = rank;
      return [
        {
          ...{ ...finding, container, path: [...path], pattern, fingerprint: rank.fingerprint, retainedBytesPerOperation },
          ...(cure === '' ? {} : { cure }),
        },
      ];
    });
    const rest = findings
      .filter((finding) => !hasType(finding))
      .map((finding): Growth => ({ ...finding, fingerprint: fingerprint(finding.channel, []) }));
    return [...named, ...rest];
  },
};

function hasType(finding: GrowthFinding): finding is GrowthFinding & { type: string; module: string } {
  return typeof finding.type === 'string';
}
