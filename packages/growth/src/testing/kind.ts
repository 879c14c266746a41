import type { Verdict } from '@firstchance/model';
import type { GrowthPlanOptions } from '../plan/options.ts';
import type { Part } from './program.ts';

/** A labelled kind of program. */
export interface Kind {
  readonly name: string;
  readonly label: 'leak' | 'clean' | 'idle';
  /** Fresh parts for each run: they have a state. */
  readonly parts: () => readonly Part[];
  readonly operationMs?: number;
  readonly options?: Partial<GrowthPlanOptions>;
  /** Growth while idle beside a leak must be named too. */
  readonly alsoIdle?: boolean;
}

export const RIGHT: Readonly<Record<Kind['label'], Verdict>> = {
  leak: 'LEAK',
  clean: 'PASS',
  idle: 'GROWS_WHILE_IDLE',
};
