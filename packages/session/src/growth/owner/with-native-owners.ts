import type { GrowthFinding } from '@firstchance/growth';
import { channelName, type Growth } from '@firstchance/model';
import type { SourceLocator } from '../../capture/source-lines.ts';
import { LOST_CURE } from '../native-owner.ts';
import type { NativeSample } from '../run/sample-native.ts';
import { type AllocatingStack, mergeStacks } from './merge-stacks.ts';
import { amountOf, isNativeChannel } from './native-channels.ts';
import { tellingFrames } from './native-frames.ts';
import { ownerTexts } from './owner-frame.ts';
import { located } from './with-owners.ts';

const LEAST_SHARE = 0.5;

/**
 * What grows, with the stack that took at least half of a native channel's growth, and its share. Expected is what the rate says of
 * the time that was sampled.
 */
export async function withNativeOwners(
  growth: readonly Growth[],
  findings: readonly GrowthFinding[],
  sample: NativeSample,
  { locator, note }: { readonly locator: SourceLocator | undefined; readonly note: (text: string) => void },
): Promise<Growth[]> {
  if (sample.report.full) note('the table of native memory was full: only the first part of the sampling was seen');
  return await Promise.all(
    growth.map(async (one) => {
      const finding = findings.find(({ channel }) => channel === one.channel);
      if (one.owner || !finding || !isNativeChannel(one.channel)) return one;
      const [best] = stacksOf(one.channel, sample);
      const expected = expectedGrowth(finding, sample);
      const share = best && expected > 0 ? Math.min(1, best.samples / expected) : 0;
      const owner = best ? ownerTexts(await Promise.all(best.frames.map((frame) => located(frame, locator)))) : [];
      if (share < LEAST_SHARE || owner.length === 0) {
        note(unknown(one.channel, share, owner[0]));
        return one;
      }
      // Who holds it may not be known, where what was freed meanwhile hides it: who allocates it must free it all the same.
      const cure = one.cure === undefined && one.channel === 'mallocBytes' ? { cure: LOST_CURE } : {};
      return { ...one, ...cure, owner, ownerShare: Math.round(share * 100) / 100 };
    }),
  );
}

/** Most first; `samples` are the channel's unit here. */
function stacksOf(channel: string, { report }: NativeSample): AllocatingStack[] {
  const sites = report.nativeSites.map((site) => ({
    samples: amountOf(channel, site),
    frames: tellingFrames(site.frames),
  }));
  return mergeStacks(sites.filter(({ samples }) => samples > 0));
}

function expectedGrowth({ perOperation, perSecond, follows }: GrowthFinding, sample: NativeSample): number {
  if (follows === 'time') return (perSecond ?? 0) * sample.seconds;
  return perOperation * sample.operations;
}

function unknown(channel: string, share: number, place: string | undefined): string {
  const most = place === undefined ? 'none was seen' : `most is ${place} with ${Math.round(share * 100)} %`;
  return `no single stack allocates half of what grows in ${channelName(channel)}: ${most}`;
}
