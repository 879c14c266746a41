import { z } from 'zod';

/** `ilOffset` in bytes from the method's first instruction; `line` counts from 1. Null: not known, never a guess. */
export const stackFrameSchema = z.object({
  /** "Shop.Cart.Add(System.Int32)" */
  method: z.string(),
  /** File name, "Shop.dll". */
  module: z.string().nullable(),
  ilOffset: z.int().nullable(),
  file: z.string().nullable(),
  line: z.int().nullable(),
});
export type StackFrame = z.infer<typeof stackFrameSchema>;

export interface ExceptionInfo {
  /** As the runtime's tools write it: Namespace.Outer+Inner<System.Int32>, arrays T[]. */
  type: string;
  /** The exception's stored text (`_message`); null when it has none. */
  message: string | null;
  hresult: number;
  inner: ExceptionInfo[];
  stack: StackFrame[];
}

export const exceptionInfoSchema: z.ZodType<ExceptionInfo> = z
  .object({
    type: z.string(),
    message: z.string().nullable(),
    hresult: z.int(),
    get inner(): z.ZodType<ExceptionInfo[]> {
      return z.array(exceptionInfoSchema);
    },
    stack: z.array(stackFrameSchema),
  })
  .meta({ id: 'ExceptionInfo' });
