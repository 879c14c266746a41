/* The closed sets of words in records. One name each, everywhere. Apart from their schemas, which take a library to load. */

/** Why a capture is taken. */
export const CAPTURE_KINDS = ['first-chance', 'unhandled', 'deadline', 'memory', 'exit', 'growth', 'manual'] as const;
/** How the copy was taken, best first. */
export const CAPTURE_METHODS = ['clone', 'copy', 'stop', 'createdump'] as const;
export const DUMP_KINDS = ['mini', 'focus', 'heap', 'full'] as const;
export const GC_STATES = ['idle', 'in-progress', 'unknown'] as const;
export const TEST_STATES = ['started', 'passed', 'failed', 'timed-out', 'skipped'] as const;
/** The test did not do what it should: its state, or null where that is not known. */
export function isFailedState(state: string | null): boolean {
  return state === 'failed' || state === 'timed-out';
}
/** How the agent came into a target, or why there is none. */
export const AGENT_STATES = ['loaded', 'attached', 'declined', 'none'] as const;

export type CaptureKind = (typeof CAPTURE_KINDS)[number];
export type CaptureMethod = (typeof CAPTURE_METHODS)[number];
export type DumpKind = (typeof DUMP_KINDS)[number];
export type GcState = (typeof GC_STATES)[number];
export type TestState = (typeof TEST_STATES)[number];
export type AgentState = (typeof AGENT_STATES)[number];
