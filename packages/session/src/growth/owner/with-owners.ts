import path from 'node:path';
import type { AllocationFrame, SurvivorReport } from '@firstchance/engine';
import type { Growth } from '@firstchance/model';
import type { SourceLocator } from '../../capture/source-lines.ts';
import { type AllocatingStack, mergeStacks } from './merge-stacks.ts';
import { isOwnFrame, type OwnerFrame, ownerText } from './owner-frame.ts';

const SHOWN = 8;
/** Types of the platform are allocated everywhere: fewer samples than this say nothing of who lets them grow. */
const LEAST_SAMPLES = 3;
const LEAST_SHARE = 0.5;
const OWN_LEAST_SHARE = 1 / 3;
const PLATFORM_TYPE = /^(?:System|Microsoft|Internal|Interop)\./;

/**
 * What grows, with the stack that allocated it where samples of its type survived and most of them agree. What has an owner
 * already, and what has no type, stays as it is.
 */
export async function withOwners(
  growth: readonly Growth[],
  { sites }: Pick<SurvivorReport, 'sites'>,
  locator: SourceLocator | undefined,
): Promise<Growth[]> {
  return await Promise.all(
    growth.map(async (one) => {
      const stack = one.owner || typeof one.type !== 'string' ? undefined : ownerOf(one.type, sites);
      if (!stack) return one;
      const owner = await Promise.all(shownFrames(stack.frames).map((frame) => located(frame, locator)));
      return owner.length === 0 ? one : { ...one, owner: owner.map(ownerText) };
    }),
  );
}

function ownerOf(type: string, sites: SurvivorReport['sites']): AllocatingStack | undefined {
  const stacks = mergeStacks(sites.filter((site) => site.type === type));
  const all = stacks.reduce((sum, { samples }) => sum + samples, 0);
  const [best] = stacks;
  if (!best) return undefined;
  const share = best.samples / all;
  if (!PLATFORM_TYPE.test(type)) return share >= OWN_LEAST_SHARE ? best : undefined;
  return best.samples >= LEAST_SAMPLES && share >= LEAST_SHARE ? best : undefined;
}

/** Own code, and what it called of the platform to allocate; without own code what there is. */
function shownFrames(frames: readonly AllocationFrame[]): AllocationFrame[] {
  const named = frames.filter(({ method }) => method !== '');
  const own = named.filter(isOwn);
  const [first] = own;
  if (!first) return named.slice(0, SHOWN);
  const called = named[named.indexOf(first) - 1];
  return [...(called ? [called] : []), ...own].slice(0, SHOWN);
}

function isOwn({ method, modulePath }: AllocationFrame): boolean {
  return isOwnFrame({ method, module: path.basename(modulePath) });
}

async function located(
  { method, modulePath, token, ilOffset }: AllocationFrame,
  locator: SourceLocator | undefined,
): Promise<OwnerFrame> {
  const source =
    locator && modulePath.startsWith('/')
      ? await locator.locate(modulePath, token, ilOffset ?? 0).catch(() => null)
      : null;
  return { method, module: path.basename(modulePath), file: source?.file ?? null, line: source?.line ?? null };
}
