import { z } from 'zod';

/** Version of the records' shape. Fields are added without a new one; none is renamed or removed. */
export const SCHEMA_VERSION = 1;

/** ISO 8601 in UTC, as Date.toISOString() writes it. */
export const timeSchema = z.iso.datetime();

/** What every record begins with. */
export const stampShape = {
  schema: z.literal(SCHEMA_VERSION),
  /** Id of the session that wrote it. */
  session: z.string().min(1),
  time: timeSchema,
};

export interface Stamp {
  schema: typeof SCHEMA_VERSION;
  session: string;
  time: string;
}
