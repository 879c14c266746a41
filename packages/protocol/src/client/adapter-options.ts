import type { GrowthAtEnd } from './growth-at-end.ts';
import type { ServerOptions } from './start-server.ts';

/**
 * Options of every adapter: those of the session by their names in firstchance.config (docs/options.md), and growth checks
 * after the last test.
 *
 * @example
 * { dump: 'mini', exceptions: 'first-chance', filter: ['*Timeout*'], growth: [{ operation: 'GET /orders', pid: 'SHOP_PID' }] }
 */
export interface AdapterOptions {
  readonly growth?: readonly GrowthAtEnd[];
  readonly [option: string]: ServerOptions[string] | readonly GrowthAtEnd[];
}

/** Those of the session, and those that the adapter itself follows. */
export function splitOptions({ growth = [], ...server }: AdapterOptions): {
  readonly growth: readonly GrowthAtEnd[];
  readonly server: ServerOptions;
} {
  return { growth, server: server as ServerOptions };
}
