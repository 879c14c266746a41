import type { Verdict } from '@firstchance/model';
import type { Conclusion } from '../plan/conclusion.ts';

/** What grows with the work comes first, then what could not be decided, then what grows with time. */
export function verdictOf({ growth, unsure }: Pick<Conclusion, 'growth' | 'unsure'>): Verdict {
  if (growth.some(({ follows }) => follows !== 'time')) return 'LEAK';
  if (unsure.length > 0) return 'INCONCLUSIVE';
  return growth.length > 0 ? 'GROWS_WHILE_IDLE' : 'PASS';
}
