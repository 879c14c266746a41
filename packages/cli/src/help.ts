/** What `--help` teaches besides the options: the commonest uses first. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  program: `
Examples:
  firstchance run -- dotnet test                       dump unhandled exceptions of the test host
  firstchance run -e 1 -f '*Timeout*' -- dotnet test   dump at the throw of matching exceptions
  firstchance run --deadline 10m -- npm test           dump what still runs after ten minutes
  firstchance dump 1234                                dump a running process now
  firstchance show .firstchance/latest                 what was captured, in full
  firstchance doctor                                   what this machine allows, and what would allow more

More: firstchance run --help`,
  run: `
Examples:
  firstchance run -- dotnet test
  firstchance run -mh -e 1 -n 20 -- dotnet app.dll     twenty dumps at first-chance exceptions
  firstchance run -e 1 -f 'Shop.*' -f '!*Cancel*' -- dotnet test
  firstchance run --per-test-deadline 30s --stacks -- dotnet test
  firstchance run --max-memory 500 -- node e2e.mjs     also .NET programs that the command starts

The whole process tree of the command is watched; compilers, MSBuild and the dotnet command itself are left alone.
For builds the compiler server and MSBuild node reuse are switched off (UseSharedCompilation=false,
MSBUILDDISABLENODEREUSE=1, unless you set them), so that nothing of ours stays behind.

Exit code: the command's own when it is not 0; 93 when --require-capture was given and captures are not possible;
else 0.
Ctrl-C is passed on to the command; a second one, when it still runs after 5 s, kills it.`,
  attach: `
Examples:
  firstchance attach 1234 -e 1 -f '*NotFound*' -n 3
  firstchance attach 1234 --max-memory 800

The agent is loaded into the process over its diagnostics socket and stays loaded, silent, when firstchance ends.
Ends with the process, at the number of captures, or with Ctrl-C; the process goes on.`,
  dump: `
Examples:
  firstchance dump 1234
  firstchance dump -ma --raw -x /var/tmp/dumps 1234    everything, as a plain core file`,
  ps: `
Examples:
  firstchance ps
  firstchance ps --json`,
  doctor: `
Examples:
  firstchance doctor          this machine
  firstchance doctor 1234     one process on it`,
  unpack: `
Examples:
  firstchance unpack dump.core.zst                     writes dump.core beside it, for lldb, gdb and dotnet-dump
  firstchance unpack dump.core.zst -o /tmp/x.core`,
  show: `
Examples:
  firstchance show .firstchance/latest                 every capture of the last session
  firstchance show .firstchance/latest/captures/0001-first-chance-InvalidOperationException
  firstchance show dump.core.zst                       any core file of a .NET process, ours or createdump's`,
  report: `
Examples:
  firstchance report                                   of the last session: report.html, summary.md, junit.xml
  firstchance report --open                            and look at it
  firstchance report .firstchance/latest --markdown >> "$GITHUB_STEP_SUMMARY"
  firstchance report --annotations                     remarks at lines of the sources, on GitHub

Every run writes these files by itself when it ends.`,
  merge: `
Examples:
  firstchance merge -x all job-1 job-2 job-3           the sessions of several jobs as one, with one report
  firstchance merge -x all artifacts/*`,
  init: `
Examples:
  firstchance init --dry-run`,
  clean: `
Examples:
  firstchance clean                                    removes all but the newest sessions
  firstchance clean --keep-sessions 1
  firstchance clean --all`,
};
