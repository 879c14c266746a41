import { basename } from 'node:path';

/** SDK verbs that compile, and so may start servers which outlive the command. */
const BUILDING = new Set(['build', 'clean', 'msbuild', 'pack', 'publish', 'restore', 'run', 'test', 'watch']);
/** Programs that run other commands: what they start cannot be seen beforehand. */
const STARTERS = new Set([
  ...['sh', 'bash', 'dash', 'zsh', 'fish', 'pwsh', 'env', 'make', 'just', 'task', 'msbuild', 'nuke', 'cake'],
  ...['node', 'npm', 'npx', 'pnpm', 'yarn', 'bun', 'deno', 'python', 'python3', 'xvfb-run', 'timeout'],
]);

/** True when a command may build .NET code with the SDK: `dotnet test`, a script, a package runner; not `dotnet app.dll`. */
export function mayBuild(command: readonly string[]): boolean {
  const program = basename(command[0] ?? '');
  if (program === 'dotnet') return BUILDING.has(command.slice(1).find((argument) => !argument.startsWith('-')) ?? '');
  return STARTERS.has(program) || /\.(sh|ps1|py|mjs|cjs|js|ts)$/.test(program);
}

/**
 * Keeps the compiler server and MSBuild's worker nodes from outliving the command: they would inherit the agent's variables
 * and hand them to later, unrelated builds. What the user has set himself is left as it is.
 */
export function withoutBuildServers(environment: NodeJS.ProcessEnv, command: readonly string[]): NodeJS.ProcessEnv {
  if (!mayBuild(command)) return environment;
  return { UseSharedCompilation: 'false', MSBUILDDISABLENODEREUSE: '1', ...environment };
}
