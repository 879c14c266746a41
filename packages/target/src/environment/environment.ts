import { type AgentEnvironment, withAgent } from './agent.ts';
import { withoutBuildServers } from './build-servers.ts';
import { type ScrubbedEnvironment, type ScrubOptions, scrubEnvironment } from './credentials.ts';

export interface TargetEnvironmentOptions extends ScrubOptions {
  readonly command: readonly string[];
  /** Absolute path of the session folder: FIRSTCHANCE_SESSION. */
  readonly sessionFolder: string;
  /** File for diagnostics of engine and agent: FIRSTCHANCE_LOG. */
  readonly logFile?: string;
  /** Absent: the command is launched without an agent. */
  readonly agent?: AgentEnvironment;
}

/** The environment of a launched command: the caller's, unchanged but for what the contract names. */
export function targetEnvironment(base: NodeJS.ProcessEnv, options: TargetEnvironmentOptions): ScrubbedEnvironment {
  const { environment, removed } = scrubEnvironment(base, options);
  environment.FIRSTCHANCE_SESSION = options.sessionFolder;
  if (options.logFile !== undefined) environment.FIRSTCHANCE_LOG = options.logFile;
  if (!options.agent) return { environment, removed };
  return { environment: withoutBuildServers(withAgent(environment, options.agent), options.command), removed };
}
