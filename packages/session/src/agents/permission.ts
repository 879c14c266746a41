import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CONTROL_FILE } from '../folder/session-json.ts';

/** An agent that was attached connects within milliseconds on a quiet machine, 400 ms were seen on a busy one. */
const AGENT_CONNECTS_MS = 3_000;

/** For the notes of what was taken thanks to an agent: from then on its process permits the engine to trace it. */
export const AGENT_STAYS =
  'tracing was refused at first; the agent was loaded into the process to permit it, and stays loaded';

/** Where agents find the engine. */
export function agentPaths(controlFolder: string, socketFolder: string): { controlPath: string; socketPath: string } {
  return { controlPath: join(controlFolder, CONTROL_FILE), socketPath: join(socketFolder, 'agents.sock') };
}

/** Resolves when an attached agent has connected, or after the time in which it would have. */
export async function connectedInTime(connected: Promise<void>): Promise<void> {
  await Promise.race([connected, delay(AGENT_CONNECTS_MS, undefined, { ref: false })]);
}
