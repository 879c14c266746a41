/** What `--help` teaches besides the options: the commonest uses first. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  program: `
Examples:
  firstchance run -- dotnet test                       dump unhandled exceptions of the test host
  firstchance run -e 1 -f '*Timeout*' -- dotnet test   dump at the throw of matching exceptions
  firstchance run --deadline 10m -- npm test           dump what still runs after ten minutes
  firstchance dump 1234                                dump a running process now
  firstchance check --op 'GET /orders' -- dotnet app.dll       does this request leak, and what holds it?
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
  check: `
Examples:
  firstchance check --op 'POST /orders' -- dotnet app.dll
  firstchance check --op 'POST http://127.0.0.1:5000/run?n={n}' --ready /health -- dotnet app.dll
  firstchance check --op 'POST /orders {"id":7}' --op-header 'Authorization: Bearer x' -- dotnet app.dll
  firstchance check --op-command './place-order.sh' --attach 1234
  firstchance check --thorough --idle 35s --op 'GET /report' -- dotnet app.dll      nightly, timers of 30 s
  firstchance check --op 'GET /' --baseline leaks.json --write-baseline -- dotnet app.dll

Rounds of zero, one and two doses of the operation, in random order, with a garbage collection before each reading, show
what grows with the operations and not with time. A suspect is given time to be freed and a large dose to reach a limit.
The program runs for about 10 s besides your operations; a leak takes 20 s. It is ended afterwards (SIGTERM); with
--attach it goes on.

A suppression file:
  suppressions:
    - type: Shop.Session      # or fingerprint, path, channel; with * and ?
      reason: sessions live for an hour, see the store's timer
      issue: https://github.com/shop/shop/issues/12
      expires: 2027-01-31
      maxBytesPerOperation: 2KB

Exit code: 0 PASS; 90 LEAK; 91 grows while idle; 92 inconclusive (fails with --thorough or --on-inconclusive fail);
93 the check could not be done; 64 wrong usage.`,
  serve: `
Examples:
  firstchance serve                                    what the Jest and Vitest adapters start; nobody types it

Serves one session to a test runner over a socket in a private folder. The first line on standard output is JSON: the
session folder, and the environment that the programs under test need. Ends when its standard input or the connection of
the runner's main process ends, when the last capture is written. docs/adapters.md tells how to use the adapters.`,
  dump: `
Examples:
  firstchance dump 1234
  firstchance dump -ma --raw -x /var/tmp/dumps 1234    everything, as a plain core file`,
  census: `
Examples:
  firstchance census 1234                              types by size, memory, handles, threads, open files
  firstchance census 1234 --json | jq .channels        one JSON document, for scripts
  firstchance census 1234 --graph before.fch           the heap file too: who keeps what alive

The process stands for milliseconds; everything is of that one instant. Only what is reachable is counted: no garbage
collection is needed, and none is asked for.`,
  ps: `
Examples:
  firstchance ps
  firstchance ps --json`,
  doctor: `
Examples:
  firstchance doctor          this machine
  firstchance doctor 1234     one process on it
  firstchance doctor --controls        does a growth check find a leak here, and does it pass a quiet program?`,
  unpack: `
Examples:
  firstchance unpack dump.core.zst                     writes dump.core beside it, for lldb, gdb and dotnet-dump
  firstchance unpack dump.core.zst -o /tmp/x.core`,
  decrypt: `
Examples:
  firstchance decrypt -i key.txt dump.core.zst.age     writes dump.core.zst beside it
  firstchance decrypt -i key.txt captures/*/*.age

What the GitHub Action encrypted to its input encryption-key. The key pair is made by age-keygen (https://age-encryption.org);
age -d reads the same files.`,
  show: `
Examples:
  firstchance show .firstchance/latest                 every capture of the last session
  firstchance show .firstchance/latest/captures/0001-first-chance-InvalidOperationException
  firstchance show dump.core.zst                       any core file of a .NET process, ours or createdump's`,
  heap: `
Examples:
  firstchance heap .firstchance/latest/captures/0001-manual
  firstchance heap --top 30 heap.fch
  firstchance heap --gcdump shop.gcdump dump.core.zst  also for PerfView and Visual Studio

retained: the bytes that would go if the object, or all objects of the type, went. What holds the memory is listed as
the way from a root to an object, and below it what only this object holds.`,
  diff: `
Examples:
  firstchance diff before/heap.fch after/heap.fch
  firstchance diff --json monday.gcdump tuesday.gcdump

Both must be of one process. The first entry names the type to look at, what holds its new objects, and what usually
helps; collections, texts and the like, which grow along with something else, come last.`,
  path: `
Examples:
  firstchance path --type Shop.Session heap.fch
  firstchance path --type 'List<Session>' heap.fch
  firstchance path --address 0x7f12a4001e28 heap.fch   one object, and all that refers to it

The shortest way from a root is shown; named statics come before handles, and stacks come last.`,
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
