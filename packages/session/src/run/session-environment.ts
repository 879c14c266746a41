import { type AgentEnvironment, targetEnvironment } from '@firstchance/target';
import type { SessionPlan } from '../session-plan.ts';

export interface SessionEnvironmentRequest {
  readonly plan: SessionPlan;
  /** The caller's. */
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile?: string;
}

/**
 * The caller's environment with the agent of a session in it, which need not be open.
 * @param sessionFolder FIRSTCHANCE_SESSION
 * @param agent undefined: the command runs without one
 */
export function sessionEnvironment(
  { plan, environment, logFile }: SessionEnvironmentRequest,
  sessionFolder: string,
  agent: AgentEnvironment | undefined,
): NodeJS.ProcessEnv {
  return targetEnvironment(environment, {
    ...{ command: plan.command, sessionFolder },
    ...{ scrub: plan.options.scrubEnvironment, allow: plan.options.allowEnvironment },
    ...(agent ? { agent } : {}),
    ...(logFile === undefined ? {} : { logFile }),
  }).environment;
}
