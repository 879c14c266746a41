import { z } from 'zod';
import { amountSchema } from '../records/process.ts';

/** A place in the program's code that makes objects of a type. */
export const creatingPlaceSchema = z.object({
  /** In the style of frames, without parameters: "Shop.Catalog.Subscribe". */
  method: z.string(),
  /** Null without symbols. */
  file: z.string().nullable(),
  line: z.int().nullable(),
  /** Of a delegate: the method that it calls. */
  calls: z.string().exactOptional(),
});
export type CreatingPlace = z.infer<typeof creatingPlaceSchema>;

/** Where the program's code says `new` for a type, by its assemblies: no object was watched while it was made. */
export const createdInSchema = z.object({
  places: z.array(creatingPlaceSchema),
  /** How many places there are. More than `places`: those named have to do with what holds the objects. */
  of: amountSchema,
  /** False where such objects may well be made elsewhere too: types of .NET, generic code. */
  sure: z.boolean(),
});
export type CreatedIn = z.infer<typeof createdInSchema>;
