import { FirstchanceError } from '@firstchance/model/options';
import type { FinishedGrowthCheck } from '../wire/values.ts';
import { checkGrowth, type GrowthOptions } from './check-growth.ts';
import type { SessionClient } from './session-client.ts';

/** A growth check after the last test, on a program that lives as long as the run (globalSetup, Playwright's webServer). */
export interface GrowthAtEnd extends Omit<GrowthOptions, 'signal'> {
  /** A request, 'GET http://127.0.0.1:5000/orders'; a path alone goes to where the program listens. */
  readonly operation: string;
  /**
   * Its pid, or the name of the environment variable that globalSetup puts it into; default the program that listens where
   * the operation goes, or the runner's web server.
   */
  readonly pid?: number | string;
}

/**
 * @param webServer URL of the runner's own web server, when it has one
 * @throws FirstchanceError when no process is named, or the named one is none
 */
export async function checkAtEnd(
  client: SessionClient,
  { operation, pid, ...options }: GrowthAtEnd,
  webServer?: string,
): Promise<FinishedGrowthCheck> {
  const target = pid === undefined ? await listener(client, operation, webServer) : pidOf(operation, pid);
  return await checkGrowth(client, target, operation, options);
}

function pidOf(operation: string, pid: number | string): number {
  const number = typeof pid === 'number' ? pid : Number(process.env[pid]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new FirstchanceError({
    ...{ code: 'no-target', what: `Checking ${operation} for growth`, why: `${pid} holds no pid` },
    cure: 'set it in globalSetup when the program has started',
  });
}

async function listener(client: SessionClient, operation: string, webServer: string | undefined): Promise<number> {
  const url = /\bhttps?:\/\/\S+/.exec(operation)?.[0] ?? webServer;
  if (url === undefined) {
    throw new FirstchanceError({
      ...{ code: 'no-target', what: `Checking ${operation} for growth`, why: 'no program is named for it' },
      cure: "write the whole URL, 'GET http://127.0.0.1:5000/orders', or name the program with pid",
    });
  }
  return (await client.request('target/find', { url })).pid;
}
