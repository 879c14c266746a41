import { basename } from 'node:path';

/** Programs that compile, orchestrate or report: the code under test is not in them. The agent declines in the same ones. */
const MACHINERY = new Set([
  ...['msbuild', 'vbcscompiler', 'csc', 'vbc', 'fsc', 'vstest.console', 'datacollector', 'dotnet', 'rzc'],
  ...['nuget.commandline.xplat', 'nuget.build.tasks.console'],
]);

/** Options of the host that take a value, before the application's path (hostfxr, command_line.cpp). */
const WITH_VALUE = new Set([
  ...[
    '--depsfile',
    '--runtimeconfig',
    '--additionalprobingpath',
    '--additional-deps',
    '--fx-version',
    '--roll-forward',
  ],
  '--roll-forward-on-no-candidate-fx',
]);

/**
 * True for build machinery and for the SDK's command line itself (`dotnet test`, `dotnet run`), not for `dotnet app.dll`,
 * `dotnet exec … testhost.dll` or a program of its own. The agent judges by the same rule inside the process, but a process
 * it declined in never tells: so that nobody waits for its agent, the rule is here again.
 */
export function isDeclined(commandLine: readonly string[]): boolean {
  const program = basename(commandLine[0] ?? '');
  if (program === '') return false;
  if (program !== 'dotnet') return MACHINERY.has(stem(program));
  const assembly = assemblyOfMuxer(commandLine.slice(1));
  return assembly === undefined || MACHINERY.has(stem(assembly));
}

/** What `dotnet` was told to run: an assembly, or nothing when it is the command line interface itself. */
function assemblyOfMuxer(args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i += 1) {
    const argument = args[i] ?? '';
    if (argument === 'exec') continue;
    if (WITH_VALUE.has(argument)) i += 1;
    else return /\.(dll|exe)$/i.test(argument) ? argument : undefined;
  }
  return undefined;
}

function stem(path: string): string {
  return basename(path)
    .replace(/\.(dll|exe)$/i, '')
    .toLowerCase();
}
