import type { GrowthAtEnd } from './growth-at-end.ts';
import type { GrowthTests } from './repeated-tests.ts';
import type { ServerOptions } from './start-server.ts';

/**
 * Options of every adapter: those of the session by their names in firstchance.config (docs/options.md), and growth checks
 * after the last test.
 *
 * @example
 * { growthTests: ['orders > *', { test: 'log in', budget: '1KB/op', idle: '35s' }] }
 * @example
 * { dump: 'mini', exceptions: 'first-chance', filter: ['*Timeout*'], growth: [{ operation: 'GET /orders', pid: 'SHOP_PID' }] }
 */
export interface AdapterOptions {
  readonly growth?: readonly GrowthAtEnd[];
  /**
   * Titles of tests ("suite > test", * stands for anything) whose body is repeated until it is certain whether the program
   * leaks, though they were not written for that: each is a growthTest() then, with the options that stand beside its title.
   * Hooks are not repeated.
   */
  readonly growthTests?: GrowthTests;
  readonly [option: string]: ServerOptions[string] | readonly GrowthAtEnd[] | GrowthTests;
}

/** Those of the session, and those that the adapter itself follows. */
export function splitOptions({ growth = [], growthTests = [], ...server }: AdapterOptions): {
  readonly growth: readonly GrowthAtEnd[];
  readonly growthTests: GrowthTests;
  readonly server: ServerOptions;
} {
  return { growth, growthTests, server: server as ServerOptions };
}
