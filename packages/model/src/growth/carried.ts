import type { Growth } from './check.ts';

/** Rates are estimates; what comes one for one differs by their noise. */
const ALIKE = 1.05;

/**
 * The growth of which this one is only a step on the way: the node of a dictionary, the delegate, the entry of a cache that each
 * new object came with. Its path goes on to the object's, it is named later and grows no faster. Undefined for what stands for
 * itself.
 */
export function carriedBy(growth: readonly Growth[], one: Growth): Growth | undefined {
  const { path = [], channel, type, follows, perOperation } = one;
  if (channel !== 'instances' || type === undefined || path.length === 0) return undefined;
  return growth
    .slice(0, growth.indexOf(one))
    .find(
      (other) =>
        other.channel === channel &&
        other.follows === follows &&
        other.heldBy !== type &&
        perOperation <= other.perOperation * timesOn(other, path.at(-1)) * ALIKE &&
        path.length < (other.path?.length ?? 0) &&
        path.every((step, index) => step === other.path?.[index]),
    );
}

/** A handler that calls another handler of its type stands on the path twice: two come with each object. */
function timesOn({ path = [] }: Growth, step: string | undefined): number {
  return path.filter((one) => one === step).length;
}
