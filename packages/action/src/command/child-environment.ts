/** Where the runner reads what this action saves for its post step: of no use to a command, and not its to write. */
const OURS = /^(?:INPUT_|STATE_|GITHUB_STATE$)/;

/** The environment of commands that this action starts: its own without what is of the action alone. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OURS.test(name)));
}
