import type { Growth } from '@firstchance/model';

/** A stack that accounts for so much of the growth is taken for the whole of it. */
const WHOLE = 0.9;

/** ", 63 % of it": said where the stack that is named does not explain the growth as a whole; else "". */
export function ownerPart({ ownerShare = 1 }: Pick<Growth, 'ownerShare'>): string {
  return ownerShare < WHOLE ? `, ${Math.round(ownerShare * 100)} % of it` : '';
}
