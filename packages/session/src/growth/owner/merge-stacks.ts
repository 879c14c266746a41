import type { AllocationFrame, AllocationSite } from '@firstchance/engine';

type Frames = readonly AllocationFrame[];

/** Samples that one way through the program allocated. */
export interface AllocatingStack {
  readonly samples: number;
  /** Of its variants the one that names the most methods, of these the one seen most. */
  readonly frames: Frames;
}

/**
 * The stacks of one type, best supported first. Tiers of compilation make several of one: with other offsets, and with methods
 * inlined into their callers. An inlined one is recognised by the place of the call in its caller.
 */
export function mergeStacks(sites: readonly Pick<AllocationSite, 'samples' | 'frames'>[]): AllocatingStack[] {
  const deepestFirst = [...sites].sort((a, b) => b.frames.length - a.frames.length || b.samples - a.samples);
  const stacks: { samples: number; readonly frames: Frames; readonly variants: Frames[] }[] = [];
  for (const { samples, frames } of deepestFirst) {
    const same = stacks.find(({ variants }) => variants.some((one) => isVariant(frames, one)));
    if (same) {
      same.samples += samples;
      same.variants.push(frames);
    } else stacks.push({ samples, frames, variants: [frames] });
  }
  return stacks.map(({ samples, frames }) => ({ samples, frames })).sort((a, b) => b.samples - a.samples);
}

/** Whether `frames` are those of `full` without some that were inlined: the caller of each stands at the very same place. */
function isVariant(frames: Frames, full: Frames): boolean {
  let at = full.length - 1;
  for (let index = frames.length - 1; index >= 0; index -= 1, at -= 1) {
    const caller = [frames[index + 1], full[at + 1]] as const;
    const expected = at;
    while (at >= 0 && !isSame(frames[index], full[at])) at -= 1;
    if (at < 0 || (at !== expected && !isSamePlace(...caller))) return false;
  }
  return at < 0 || isSamePlace(frames[0], full[at + 1]);
}

function isSame(one: AllocationFrame | undefined, other: AllocationFrame | undefined): boolean {
  return one !== undefined && one.token === other?.token && one.modulePath === other.modulePath;
}

function isSamePlace(one: AllocationFrame | undefined, other: AllocationFrame | undefined): boolean {
  return one !== undefined && one.ilOffset !== null && one.ilOffset === other?.ilOffset;
}
