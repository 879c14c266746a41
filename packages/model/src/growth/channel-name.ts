const NAMES: Readonly<Record<string, string>> = {
  instances: 'objects',
  types: 'loaded types',
  managedBytes: 'managed heap',
  mallocBytes: 'native heap (malloc)',
  mappedBytes: 'mapped files',
  handles: 'GC handles',
  threads: 'threads',
  fileDescriptors: 'file descriptors',
  sockets: 'sockets',
  mappings: 'memory mappings',
  'privateBytes.loader': 'loaded types and code tables',
  'privateBytes.jit': 'compiled code',
  'privateBytes.malloc': 'native heap (malloc arenas)',
  'privateBytes.stacks': 'thread stacks',
  'privateBytes.other': 'other private memory',
};

/** A channel in words. */
export function channelName(channel: string): string {
  return NAMES[channel] ?? channel;
}
