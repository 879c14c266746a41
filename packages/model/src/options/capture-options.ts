import { SESSION, WAITING, WITH_DUMP } from './commands.ts';
import type { OptionDefinition } from './definition.ts';

/** When a capture is taken, and of what kind. */
export const CAPTURE_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'exceptions',
    letter: 'e',
    type: 'choice',
    choices: ['first-chance', 'unhandled', 'none'],
    default: 'unhandled',
    group: 'What to capture',
    commands: SESSION,
    description:
      'Which exceptions: -e 1 at the throw (first chance; unhandled ones too), -e 2 only those nobody handles.',
  },
  {
    name: 'filter',
    letter: 'f',
    type: 'list',
    value: 'PATTERN',
    group: 'What to capture',
    commands: SESSION,
    description:
      'Only exceptions whose type or message matches; * and ? are wildcards, !PATTERN excludes, may be repeated.',
  },
  {
    name: 'atExit',
    letter: 't',
    type: 'switch',
    default: false,
    group: 'What to capture',
    commands: SESSION,
    description: 'Capture when a process ends.',
  },
  {
    name: 'minMemory',
    type: 'megabytes',
    value: 'MB',
    group: 'What to capture',
    commands: SESSION,
    description: "Capture when a process's memory (resident and swapped) falls below this, after it was above.",
  },
  {
    name: 'maxMemory',
    type: 'megabytes',
    value: 'MB',
    group: 'What to capture',
    commands: SESSION,
    description: "Capture when a process's memory (resident and swapped) rises above this.",
  },
  {
    name: 'deadline',
    type: 'duration',
    value: 'TIME',
    group: 'Time',
    commands: WAITING,
    description: 'Capture when the command still runs after this long; it goes on running.',
  },
  {
    name: 'perTestDeadline',
    type: 'duration',
    value: 'TIME',
    group: 'Time',
    commands: WAITING,
    description:
      'Capture when a test still runs after this long (xunit tells of its tests; those of NUnit and MSTest are looked for four times within it).',
  },
  {
    name: 'onHang',
    type: 'choice',
    choices: ['end', 'wait'],
    default: 'end',
    group: 'Time',
    commands: ['run'],
    description:
      'When a test still runs at twice --per-test-deadline and no other test of its process begins or ends: end the process, so that the run goes on, or wait.',
  },
  {
    name: 'stacks',
    type: 'switch',
    default: false,
    group: 'Time',
    commands: SESSION,
    description: 'At a deadline print the managed stacks of all threads.',
  },
  {
    name: 'dump',
    letter: 'm',
    type: 'choice',
    choices: ['mini', 'focus', 'heap', 'full', 'none'],
    default: 'heap',
    group: 'How much',
    commands: WITH_DUMP,
    description:
      'Kind of dump: -mm stacks and exceptions, focus also the objects near them, -mh the managed heap, -ma all memory; none only the report. With -e and a heap over 256 MB the default is focus.',
  },
  {
    name: 'raw',
    type: 'switch',
    default: false,
    group: 'How much',
    commands: WITH_DUMP,
    description: 'Write plain core files instead of compressed ones (.core.zst).',
  },
  {
    name: 'compressionThreads',
    type: 'count',
    value: 'COUNT',
    range: [1, 2],
    group: 'How much',
    commands: WITH_DUMP,
    description: 'Threads that compress a dump, 1 or 2; without it two when cores are idle.',
  },
  {
    name: 'captureMethod',
    type: 'choice',
    choices: ['clone', 'copy', 'stop', 'createdump'],
    group: 'How much',
    commands: WITH_DUMP,
    description: 'Take captures this way only, for tests of the method; without it the best one that works.',
  },
];
