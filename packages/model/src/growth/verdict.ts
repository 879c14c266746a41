import { z } from 'zod';

/** What a growth check found, worst last but one; INFRASTRUCTURE_ERROR: it could not run, which is never a pass. */
export const VERDICTS = ['PASS', 'LEAK', 'GROWS_WHILE_IDLE', 'INCONCLUSIVE', 'INFRASTRUCTURE_ERROR'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type Verdict = z.infer<typeof verdictSchema>;

/** The verdict as people read it: "GROWS WHILE IDLE". */
export function verdictText(verdict: Verdict): string {
  return verdict.replaceAll('_', ' ');
}
