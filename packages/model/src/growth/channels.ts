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

/** The garbage collector's heap: objects and free space between them, and the memory committed for it. */
export const gcHeapBytesSchema = z.object({ used: amountSchema, committed: amountSchema });

/** What is measured of a process, one set of names everywhere. A channel that could not be read is absent, not 0. */
export const channelsSchema = z.object({
  /** Objects on the managed heap. */
  instances: amountSchema.exactOptional(),
  /** Of these objects. */
  managedBytes: amountSchema.exactOptional(),
  gcHeapBytes: gcHeapBytesSchema.exactOptional(),
  /** In use by glibc's malloc, all arenas and mapped chunks. */
  mallocBytes: amountSchema.exactOptional(),
  privateBytes: privateBytesSchema.exactOptional(),
  /** Address space of mapped files, whether read or not. */
  mappedBytes: amountSchema.exactOptional(),
  /** Address space of memory shared with other processes, without the runtime's own code memory. */
  sharedBytes: amountSchema.exactOptional(),
  handles: amountSchema.exactOptional(),
  /** strong, pinned, weak, dependent, refCounted, … */
  handlesByKind: z.record(z.string(), amountSchema).exactOptional(),
  threads: amountSchema.exactOptional(),
  fileDescriptors: amountSchema.exactOptional(),
  sockets: amountSchema.exactOptional(),
  mappings: amountSchema.exactOptional(),
  /** Shown, never judged. */
  residentBytes: amountSchema.exactOptional(),
});
export type Channels = z.infer<typeof channelsSchema>;
export type ChannelName = keyof Channels;
