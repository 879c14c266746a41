/**
 * Processes in which the agent stays silent: they compile, orchestrate or report, the code under test is not in them.
 * Globs on the command line, its arguments joined by one space. A test host's own line names testhost.dll or the test
 * program itself and matches none of these.
 */
export const DECLINED: readonly string[] = [
  '*MSBuild.dll*',
  '*VBCSCompiler*',
  '*/csc.dll*',
  '*/vbc.dll*',
  '*/fsc.dll*',
  '*vstest.console*',
  '*datacollector*',
  '*/sdk/*/dotnet.dll*',
  '*rzc.dll*',
  ...['add', 'build', 'build-server', 'clean', 'format', 'list', 'msbuild', 'new', 'nuget', 'pack', 'publish'].map(cli),
  ...['restore', 'run', 'sln', 'store', 'test', 'tool', 'vstest', 'watch', 'workload'].map(cli),
];

/** `dotnet test …` and `/usr/bin/dotnet test …`: the SDK's command line, which runs MSBuild inside itself. */
function cli(verb: string): string {
  return `*dotnet ${verb}*`;
}

/** True when a command line matches one of the globs: `*` any run of characters, `?` one character, all else literal. */
export function isDeclined(commandLine: readonly string[], globs: readonly string[] = DECLINED): boolean {
  const text = commandLine.join(' ');
  return globs.some((glob) => globMatches(glob, text));
}

/** Linear in time for any glob: on a mismatch only the last star is tried again. */
export function globMatches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (g < glob.length && glob[g] === '*') {
      star = g++;
      mark = t;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g += 1;
      t += 1;
    } else if (star >= 0) {
      g = star + 1;
      t = ++mark;
    } else return false;
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}
