import path from 'node:path';
import type { AllocationFrame, SurvivorReport } from '@firstchance/engine';
import type { Growth } from '@firstchance/model';
import type { SourceLocator } from '../../capture/source-lines.ts';
import { type AllocatingStack, mergeStacks } from './merge-stacks.ts';
import { isOwnFrame, type OwnerFrame, ownerTexts } from './owner-frame.ts';

/** Types of the platform are allocated everywhere: fewer samples than this say nothing of who lets them grow. */
const LEAST_SAMPLES = 3;
const LEAST_SHARE = 1 / 2;
/** Of a type of the program, of which few places allocate. */
const OWN_LEAST_SHARE = 1 / 3;
const PLATFORM_TYPE = /^(?:System|Microsoft|Internal|Interop)\./;
const SHOWN = 8;
/** To get past `newobj` and `stloc`, and once more past copies of arguments into it. */
const HIDDEN_IL_BYTES = [6, 14, 22];

/**
 * What grows, with the stack that allocated it where samples of its type survived and enough of them agree. What has an owner
 * already, and what has no type, stays as it is.
 */
export async function withOwners(
  growth: readonly Growth[],
  { sites }: Pick<SurvivorReport, 'sites'>,
  locator: SourceLocator | undefined,
): Promise<Growth[]> {
  return await Promise.all(
    growth.map(async (one) => {
      const stack = one.owner || typeof one.type !== 'string' ? undefined : allocatingStack(one.type, sites);
      if (!stack) return one;
      const frames = await Promise.all(stack.frames.slice(0, SHOWN).map((frame) => located(frame, locator)));
      const owner = ownerTexts(frames);
      return owner.length === 0 ? one : { ...one, owner };
    }),
  );
}

/** The one that most survivors of a type come from; undefined where too few agree. */
function allocatingStack(type: string, sites: SurvivorReport['sites']): AllocatingStack | undefined {
  const ofType = sites.filter((site) => site.type === type);
  // By own code: the platform comes to it in many ways.
  const stacks = mergeStacks(ofType.map(({ samples, frames }) => ({ samples, frames: tellingFrames(frames) })));
  const [best] = stacks;
  if (!best) return undefined;
  const share = best.samples / stacks.reduce((sum, { samples }) => sum + samples, 0);
  if (!PLATFORM_TYPE.test(type)) return share >= OWN_LEAST_SHARE && best.frames.some(isOwn) ? best : undefined;
  return best.samples >= LEAST_SAMPLES && share >= LEAST_SHARE ? best : undefined;
}

/**
 * Own code: what it calls of the platform to allocate says less than its line. Without own code, which happens to types of the
 * platform, and where own code was inlined into the platform's, what there is.
 */
function tellingFrames(frames: readonly AllocationFrame[]): AllocationFrame[] {
  const named = frames.filter(({ method }) => method !== '');
  const own = named.filter(isOwn);
  return own.length > 0 ? own : named;
}

function isOwn({ method, modulePath }: AllocationFrame): boolean {
  return isOwnFrame({ method, module: path.basename(modulePath) });
}

/** With file and line where they are known. */
export async function located(frame: AllocationFrame, locator: SourceLocator | undefined): Promise<OwnerFrame> {
  const { method, modulePath, token } = frame;
  const source =
    locator && token !== 0 && path.isAbsolute(modulePath) ? await sourceOf(frame, locator).catch(() => null) : null;
  return { method, module: path.basename(modulePath), file: source?.file ?? null, line: source?.line ?? null };
}

/** Code that the compiler adds, to make a closure, has no line: that of the statement behind it is meant. */
async function sourceOf({ modulePath, token, ilOffset }: AllocationFrame, locator: SourceLocator) {
  for (const further of [0, ...HIDDEN_IL_BYTES]) {
    const source = await locator.locate(modulePath, token, (ilOffset ?? 0) + further);
    if (source) return source;
  }
  return null;
}
