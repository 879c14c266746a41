import { GROWTH } from './growth.ts';
import { HANGS } from './hangs.ts';
import type { Scenario } from './scenario.ts';
import { STATES } from './states.ts';
import { THROWN } from './throws.ts';

export const SCENARIOS: Readonly<Record<string, Scenario>> = { ...STATES, ...HANGS, ...THROWN, ...GROWTH };
