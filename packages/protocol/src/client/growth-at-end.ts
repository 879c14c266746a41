import { FirstchanceError } from '@firstchance/model';
import type { FinishedGrowthCheck } from '../wire/values.ts';
import { checkGrowth, type GrowthOptions } from './check-growth.ts';
import type { SessionClient } from './session-client.ts';

/** A growth check after the last test, on a program that lives as long as the run (globalSetup). */
export interface GrowthAtEnd extends Omit<GrowthOptions, 'signal'> {
  /** A request, 'GET http://127.0.0.1:5000/orders'; a path alone goes to where the program listens. */
  readonly operation: string;
  /** Its pid, or the name of the environment variable that globalSetup puts it into. */
  readonly pid: number | string;
}

/** @throws FirstchanceError when no process is named */
export async function checkAtEnd(
  client: SessionClient,
  { operation, pid, ...options }: GrowthAtEnd,
): Promise<FinishedGrowthCheck> {
  const number = typeof pid === 'number' ? pid : Number(process.env[pid]);
  if (!Number.isSafeInteger(number) || number <= 0) {
    throw new FirstchanceError({
      ...{ code: 'no-target', what: `Checking ${operation} for growth`, why: `${pid} holds no pid` },
      cure: 'set it in globalSetup when the program has started',
    });
  }
  return await checkGrowth(client, number, operation, options);
}
