import { z } from 'zod';
import { amountSchema } from '../records/process.ts';

/** Private memory by what it is for, in bytes. */
export const privateBytesSchema = z.object({
  gcHeap: amountSchema.exactOptional(),
  loader: amountSchema.exactOptional(),
  jit: amountSchema.exactOptional(),
  malloc: amountSchema.exactOptional(),
  stacks: amountSchema.exactOptional(),
  other: amountSchema.exactOptional(),
});

/** What is measured of a process, one set of names everywhere. A channel that could not be read is absent, not 0. */
export const channelsSchema = z.object({
  /** Objects on the managed heap. */
  instances: amountSchema.exactOptional(),
  managedBytes: amountSchema.exactOptional(),
  mallocBytes: amountSchema.exactOptional(),
  privateBytes: privateBytesSchema.exactOptional(),
  mappedBytes: amountSchema.exactOptional(),
  handles: amountSchema.exactOptional(),
  threads: amountSchema.exactOptional(),
  fileDescriptors: amountSchema.exactOptional(),
  sockets: amountSchema.exactOptional(),
  mappings: amountSchema.exactOptional(),
  /** Shown, never judged. */
  residentBytes: amountSchema.exactOptional(),
});
export type Channels = z.infer<typeof channelsSchema>;
export type ChannelName = keyof Channels;
