import type { CommandName } from '@firstchance/model/options';
import type { Action, Invoked, InvokedEarly } from './ports.ts';

/** A command as help and parser know it. What it does is loaded only when it is asked for: that takes longest by far. */
export interface CommandEntry {
  readonly name: CommandName;
  readonly summary: string;
  readonly description: string;
  readonly usage?: string;
  /** Arguments as commander writes them, and what they are. */
  readonly words?: readonly (readonly [name: string, description?: string])[];
  /** What follows the first word that is no option is another program's. */
  readonly passThrough?: true;
  readonly load: () => Promise<((invoked: Invoked) => Action) | { readonly early: (invoked: InvokedEarly) => Action }>;
}

const PID = '<pid>';
const HEAP = "heap.fch, a .gcdump, a core dump or a capture's folder";

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    summary: 'Run a command and capture what goes wrong in its .NET processes.',
    description: 'Runs a command; captures its .NET processes when something goes wrong.',
    usage: '[options] [--] COMMAND [ARGUMENTS...]',
    words: [['[command...]']],
    passThrough: true,
    load: async () => (await import('./commands/run.ts')).runAction,
  },
  {
    name: 'attach',
    summary: 'Watch a process that runs already.',
    description: 'Loads the agent into a running process and captures what goes wrong in it.',
    words: [[PID, 'process to watch']],
    load: async () => (await import('./commands/attach.ts')).attachAction,
  },
  {
    name: 'check',
    summary: 'Repeat an operation and say whether it leaks.',
    description:
      'Repeats an operation on a .NET program until it is certain whether something grows with it, and names what holds it.',
    usage: "--op 'METHOD URL' [options] [--] COMMAND [ARGUMENTS...]",
    words: [['[command...]']],
    passThrough: true,
    load: async () => (await import('./commands/check.ts')).checkAction,
  },
  {
    name: 'serve',
    summary: 'Serve a session to a test runner (its adapter starts this).',
    description: "Serves one session to a test runner's adapter, which starts this and ends it.",
    usage: '[options] [-- RUNNER [ARGUMENTS...]]',
    words: [['[command...]', 'the command whose tests they are, for the report']],
    passThrough: true,
    load: async () => ({ early: (await import('./commands/serve.ts')).serveAction }),
  },
  {
    name: 'dump',
    summary: 'Dump a process now.',
    description: 'Takes one dump of a running process; the process goes on after milliseconds.',
    words: [[PID, 'process to dump']],
    load: async () => (await import('./commands/dump.ts')).dumpAction,
  },
  {
    name: 'census',
    summary: 'What lives in a process now.',
    description:
      'Counts the reachable objects of a running process by type, its memory, handles, threads and open files.',
    words: [[PID, 'process to look into']],
    load: async () => (await import('./commands/census.ts')).censusAction,
  },
  {
    name: 'ps',
    summary: 'List .NET processes and how they can be captured.',
    description: 'Lists the .NET processes of this machine and the best way to capture each.',
    load: async () => (await import('./commands/ps.ts')).psAction,
  },
  {
    name: 'doctor',
    summary: 'What this machine or process allows, and what would allow more.',
    description:
      'Says which ways of capturing work here, and what to do about those that do not. Where none works it ends with 93.',
    words: [['[pid]', 'look at one process too']],
    load: async () => (await import('./commands/doctor.ts')).doctorAction,
  },
  {
    name: 'unpack',
    summary: 'Turn a .core.zst into a plain core file.',
    description: 'Writes the plain core file of a compressed dump, for lldb, gdb, dotnet-dump and ClrMD.',
    words: [['<file>', 'dump.core.zst']],
    load: async () => (await import('./commands/unpack.ts')).unpackAction,
  },
  {
    name: 'decrypt',
    summary: 'Decrypt a dump of the GitHub Action.',
    description: 'Decrypts files that the GitHub Action encrypted before it uploaded them (age).',
    words: [['<files...>', 'dump.core.zst.age']],
    load: async () => (await import('./commands/decrypt.ts')).decryptAction,
  },
  {
    name: 'show',
    summary: 'What is in a dump, a capture or a session.',
    description: 'Shows runtime, threads with managed stacks, exceptions and types by size.',
    words: [['<file>', "a core file, a capture's folder or a session's folder"]],
    load: async () => (await import('./commands/show.ts')).showAction,
  },
  {
    name: 'heap',
    summary: 'What is on a heap, and what holds the memory.',
    description: 'Shows types by size, what they retain, and the objects that hold most of the memory.',
    words: [['<file>', HEAP]],
    load: async () => (await import('./commands/heap.ts')).heapAction,
  },
  {
    name: 'diff',
    summary: 'What grew between two heaps, and what holds it.',
    description: 'Compares two heaps of one process: types, collections that grew, and how the new objects are held.',
    words: [
      ['<before>', HEAP],
      ['<after>', 'the same, taken later'],
    ],
    load: async () => (await import('./commands/diff.ts')).diffAction,
  },
  {
    name: 'path',
    summary: 'What holds the objects of a type, or one object.',
    description: 'Shows the ways from roots to the objects of a type, most objects first, or to one object.',
    words: [['<file>', HEAP]],
    load: async () => (await import('./commands/path.ts')).pathAction,
  },
  {
    name: 'report',
    summary: 'The report of a session: HTML, Markdown, JUnit, SARIF.',
    description: 'Makes the report of a session again, into its folder or in one form to standard output.',
    words: [['[folder]', 'session folder; without it the last session here']],
    load: async () => (await import('./commands/report.ts')).reportAction,
  },
  {
    name: 'merge',
    summary: 'Join the sessions of several jobs into one.',
    description: 'Copies session folders into one folder with one manifest and one report.',
    words: [['<folders...>', 'session folders']],
    load: async () => (await import('./commands/merge.ts')).mergeAction,
  },
  {
    name: 'init',
    summary: 'Set a project up.',
    description: 'Finds the test runner of the project in this folder and adds what firstchance needs.',
    load: async () => (await import('./commands/init.ts')).initAction,
  },
  {
    name: 'clean',
    summary: 'Remove old sessions.',
    description: 'Removes sessions from .firstchance in this folder; those that still run stay.',
    load: async () => (await import('./commands/clean.ts')).cleanAction,
  },
];
