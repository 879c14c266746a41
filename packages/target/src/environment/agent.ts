/** What the runtime needs to load the agent into a process we start, and where agent and workers find the session. */
export interface AgentEnvironment {
  /** Class id of the agent's profiler, with or without braces. */
  readonly clsid: string;
  /** Absolute path of libfirstchance_agent.so. */
  readonly path: string;
}

const LIST = 'CORECLR_NOTIFICATION_PROFILERS';

/**
 * Adds the agent as a notification-only profiler, keeping profilers that are listed already: notification-only ones may be
 * several and do not take the one slot that coverage tools use.
 * Only the CORECLR_ names work for these two variables, DOTNET_ ones are not read (measured on .NET 8 to 10).
 */
export function withAgent(environment: NodeJS.ProcessEnv, agent: AgentEnvironment): NodeJS.ProcessEnv {
  const guid = `{${agent.clsid.replace(/[{}]/g, '').toUpperCase()}}`;
  const entry = `${agent.path}=${guid}`;
  // .NET 9 and 10 drop the LAST entry of a list without a semicolon at its end (dotnet/runtime#126197): always write it.
  const present = (environment[LIST] ?? '').split(';').filter((item) => item !== '' && item !== entry);
  return {
    ...environment,
    CORECLR_ENABLE_NOTIFICATION_PROFILERS: '1',
    [LIST]: `${[...present, entry].join(';')};`,
  };
}
