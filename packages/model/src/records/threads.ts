import { z } from 'zod';
import { exceptionInfoSchema, stackFrameSchema } from './exception.ts';
import { amountSchema } from './process.ts';

export const threadInfoSchema = z.object({
  /** Id of the kernel, as in /proc/PID/task. */
  osId: z.int(),
  /** Id of the runtime; null for a thread it does not know. */
  managedId: z.int().nullable(),
  name: z.string().nullable(),
  state: z.string(),
  isFinalizer: z.boolean().exactOptional(),
  stack: z.array(stackFrameSchema),
  exception: exceptionInfoSchema.nullable(),
});
export type ThreadInfo = z.infer<typeof threadInfoSchema>;

/** A pending async method and what it waits for; file and line of the await at which it stands, where symbols tell. */
export interface AsyncNode {
  method: string;
  file?: string;
  line?: number;
  awaits: AsyncNode[];
}
export const asyncNodeSchema: z.ZodType<AsyncNode> = z
  .object({
    method: z.string(),
    file: z.string().exactOptional(),
    line: z.int().exactOptional(),
    get awaits(): z.ZodType<AsyncNode[]> {
      return z.array(asyncNodeSchema);
    },
  })
  .meta({ id: 'AsyncNode' });

/** Instances and bytes of one type. */
export const typeInfoSchema = z.object({
  type: z.string(),
  module: z.string().nullable(),
  instances: amountSchema,
  bytes: amountSchema,
});
export type TypeInfo = z.infer<typeof typeInfoSchema>;

/** What would be free if all objects of a type were: a tree of the types that keep most. */
export interface DominatorNode {
  type: string;
  retainedBytes: number;
  children: DominatorNode[];
}
export const dominatorNodeSchema: z.ZodType<DominatorNode> = z
  .object({
    type: z.string(),
    retainedBytes: amountSchema,
    get children(): z.ZodType<DominatorNode[]> {
      return z.array(dominatorNodeSchema);
    },
  })
  .meta({ id: 'DominatorNode' });
