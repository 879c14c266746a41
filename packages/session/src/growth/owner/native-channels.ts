import type { NativeSite } from '@firstchance/engine';

/** Blocks from this size on are mappings of their own (M_MMAP_THRESHOLD, which grows with what is freed). */
const MAPPED_BLOCK_BYTES = 128 * 2 ** 10;

/** What a site adds to a channel, in the channel's unit. */
const MEASURES: Readonly<Record<string, (site: NativeSite) => number>> = {
  mallocBytes: (site) => (site.resource === 'block' ? site.bytes : 0),
  'privateBytes.malloc': (site) => (site.resource === 'block' ? site.bytes : 0),
  'privateBytes.other': (site) => (site.resource === 'anonymous' ? site.bytes : 0),
  mappedBytes: (site) => (site.resource === 'mapped' ? site.bytes : 0),
  fileDescriptors: (site) => (isDescriptor(site) ? site.count : 0),
  sockets: (site) => (site.resource === 'socket' ? site.count : 0),
  mappings: (site) => (isMapping(site) ? site.count : 0),
};

function isDescriptor({ resource }: NativeSite): boolean {
  return resource === 'descriptor' || resource === 'socket';
}

function isMapping({ resource, bytes, count }: NativeSite): boolean {
  if (resource === 'block') return bytes >= count * MAPPED_BLOCK_BYTES;
  return resource === 'anonymous' || resource === 'mapped';
}

/** Whether the agent can tell who lets this channel grow. */
export function isNativeChannel(channel: string): boolean {
  return Object.hasOwn(MEASURES, channel);
}

/** How much of the channel's growth one site accounts for. */
export function amountOf(channel: string, site: NativeSite): number {
  return MEASURES[channel]?.(site) ?? 0;
}
