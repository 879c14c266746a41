import type { AgentFilter } from '../engine-port.ts';
import type { SessionOptions } from '../options.ts';

/** A throw waits at most this long for its snapshot; then the program goes on and the agent gives up. */
const TIMEOUT_MS = 2_000;
/** Frozen copies that may exist at once in one process. */
const MAX_FROZEN = 2;

/**
 * What the agents are told to look for. The number of captures in the session is not left to them: an agent counts for its
 * own process, and a capture that is removed because its test passed must not count at all.
 */
export function agentFilter(options: SessionOptions): AgentFilter {
  return {
    firstChance: options.firstChance,
    unhandled: options.unhandled,
    exit: options.exit,
    log: options.log,
    tests: true,
    include: [...options.include],
    exclude: [...options.exclude],
    perPlace: options.perPlace,
    perType: options.perType,
    perTest: options.perTest,
    perSession: 0,
    timeoutMs: TIMEOUT_MS,
    maxFrozen: MAX_FROZEN,
    // Build machinery always declines by itself.
    decline: [],
  };
}

/** The same agents when the session wants no more captures: nothing waits any more, tests are still told. */
export function quietFilter(filter: AgentFilter): AgentFilter {
  return { ...filter, firstChance: false, unhandled: false, exit: false };
}
