import { existsSync } from 'node:fs';
import path from 'node:path';
import { engineFolder } from './find-engine.ts';
import { switchedOn } from './switch.ts';

/** Class id of the agent's profiler: kAgentClsid of the engine's agent_host.h. */
export const AGENT_CLSID = '{5C1A2F7E-93D4-4B60-8E1B-6F0C7D29A4E3}';

/**
 * The agent of this system's engine, without starting one: an agent that finds no session where its environment names one goes
 * away silently. Undefined where there is no engine.
 */
export function agentOfEngine(): { readonly clsid: string; readonly path: string } | undefined {
  try {
    const library = path.join(switchedOn(engineFolder), 'libfirstchance_agent.so');
    return existsSync(library) ? { clsid: AGENT_CLSID, path: library } : undefined;
  } catch {
    return undefined; // Who starts the engine says why.
  }
}
