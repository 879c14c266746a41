import type { AllocationFrame, AllocationSite } from '@firstchance/engine';

/** Samples that one way through the program allocated. */
export interface AllocatingStack {
  readonly samples: number;
  /** Of its variants, the one that names the most methods, else the one seen most. */
  readonly frames: readonly AllocationFrame[];
}

/**
 * The stacks of one type, best supported first. Tiers of compilation make several of one: with other offsets, and with methods
 * inlined into their callers. An inlined one is recognised by the place of the call in its caller.
 */
export function mergeStacks(sites: readonly Pick<AllocationSite, 'samples' | 'frames'>[]): AllocatingStack[] {
  const deepest = [...sites].sort((a, b) => b.frames.length - a.frames.length || b.samples - a.samples);
  const stacks: {
    samples: number;
    variants: (readonly AllocationFrame[])[];
    best: Pick<AllocationSite, 'samples' | 'frames'>;
  }[] = [];
  for (const site of deepest) {
    const same = stacks.find(({ variants }) => variants.some((frames) => isVariant(frames, site.frames)));
    if (!same) {
      stacks.push({ samples: site.samples, variants: [site.frames], best: site });
      continue;
    }
    same.samples += site.samples;
    same.variants.push(site.frames);
    if (site.frames.length === same.best.frames.length && site.samples > same.best.samples) same.best = site;
  }
  return stacks.map(({ samples, best }) => ({ samples, frames: best.frames })).sort((a, b) => b.samples - a.samples);
}

/** The same methods, or the same without the innermost ones, which were inlined at the very place of their call. */
function isVariant(frames: readonly AllocationFrame[], other: readonly AllocationFrame[]): boolean {
  const missing = frames.length - other.length;
  if (missing < 0 || !other.every((frame, index) => isSame(frame, frames[index + missing]))) return false;
  const place = other[0]?.ilOffset ?? null;
  return missing === 0 || (place !== null && place === frames[missing]?.ilOffset);
}

function isSame(one: AllocationFrame, other: AllocationFrame | undefined): boolean {
  return other !== undefined && one.token === other.token && one.modulePath === other.modulePath;
}
