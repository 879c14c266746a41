import { z } from 'zod';

/* The closed sets of words in records. One name each, everywhere. */

/** Why a capture is taken. */
export const CAPTURE_KINDS = ['first-chance', 'unhandled', 'deadline', 'memory', 'exit', 'growth', 'manual'] as const;
/** How the copy was taken, best first. */
export const CAPTURE_METHODS = ['clone', 'copy', 'stop', 'createdump'] as const;
export const DUMP_KINDS = ['mini', 'focus', 'heap', 'full'] as const;
export const GC_STATES = ['idle', 'in-progress', 'unknown'] as const;
export const TEST_STATES = ['started', 'passed', 'failed', 'timed-out', 'skipped'] as const;
/** How the agent came into a target, or why there is none. */
export const AGENT_STATES = ['loaded', 'attached', 'declined', 'none'] as const;

export const captureKindSchema = z.enum(CAPTURE_KINDS);
export const captureMethodSchema = z.enum(CAPTURE_METHODS);
export const dumpKindSchema = z.enum(DUMP_KINDS);
export const gcStateSchema = z.enum(GC_STATES);
export const testStateSchema = z.enum(TEST_STATES);
export const agentStateSchema = z.enum(AGENT_STATES);

export type CaptureKind = z.infer<typeof captureKindSchema>;
export type CaptureMethod = z.infer<typeof captureMethodSchema>;
export type DumpKind = z.infer<typeof dumpKindSchema>;
export type GcState = z.infer<typeof gcStateSchema>;
export type TestState = z.infer<typeof testStateSchema>;
export type AgentState = z.infer<typeof agentStateSchema>;
