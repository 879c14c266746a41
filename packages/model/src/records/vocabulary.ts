import { z } from 'zod';
import { AGENT_STATES, CAPTURE_KINDS, CAPTURE_METHODS, DUMP_KINDS, GC_STATES, TEST_STATES } from './words.ts';

export const captureKindSchema = z.enum(CAPTURE_KINDS);
export const captureMethodSchema = z.enum(CAPTURE_METHODS);
export const dumpKindSchema = z.enum(DUMP_KINDS);
export const gcStateSchema = z.enum(GC_STATES);
export const testStateSchema = z.enum(TEST_STATES);
export const agentStateSchema = z.enum(AGENT_STATES);
