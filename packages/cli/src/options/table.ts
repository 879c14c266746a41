import { parseCount, parseDuration, parseMegabytes, parseSize } from './values.ts';

/** What kind of value an option takes; the parser makes of the text what the session wants (ms, bytes, MB). */
export type OptionType = 'switch' | 'text' | 'list' | 'choice' | 'count' | 'duration' | 'size' | 'megabytes';

export type OptionGroup = 'What to capture' | 'How much' | 'Time' | 'Output' | 'Environment';

export interface OptionDefinition {
  /** Key in the configuration file; the long option is its kebab-case form. */
  readonly name: string;
  readonly letter?: string;
  readonly type: OptionType;
  readonly choices?: readonly string[];
  /** Name of the value in the help, "COUNT". */
  readonly value?: string;
  /** As a person would write it; undefined: not set. */
  readonly default?: string | boolean;
  readonly group: OptionGroup;
  /** One sentence. */
  readonly description: string;
  readonly commands: readonly CommandName[];
}

export type CommandName = 'run' | 'attach' | 'dump' | 'ps' | 'doctor' | 'unpack' | 'show' | 'init' | 'clean';

const SESSION: readonly CommandName[] = ['run', 'attach'];
const WITH_DUMP: readonly CommandName[] = ['run', 'attach', 'dump'];
const ALL: readonly CommandName[] = ['run', 'attach', 'dump', 'ps', 'doctor', 'unpack', 'show', 'init', 'clean'];

export const OPTIONS: readonly OptionDefinition[] = [
  {
    ...{
      name: 'exceptions',
      letter: 'e',
      type: 'choice',
      choices: ['first-chance', 'unhandled', 'none'],
      default: 'unhandled',
    },
    ...{ group: 'What to capture', commands: SESSION },
    description:
      'Which exceptions: -e 1 at the throw (first chance; unhandled ones too), -e 2 only those nobody handles.',
  },
  {
    ...{ name: 'filter', letter: 'f', type: 'list', value: 'PATTERN', group: 'What to capture', commands: SESSION },
    description:
      'Only exceptions whose type or message matches; * and ? are wildcards, !PATTERN excludes, may be repeated.',
  },
  {
    ...{ name: 'atExit', letter: 't', type: 'switch', default: false, group: 'What to capture', commands: SESSION },
    description: 'Capture when a process ends.',
  },
  {
    ...{ name: 'minMemory', type: 'megabytes', value: 'MB', group: 'What to capture', commands: SESSION },
    description: "Capture when a process's memory (resident and swapped) falls below this, after it was above.",
  },
  {
    ...{ name: 'maxMemory', type: 'megabytes', value: 'MB', group: 'What to capture', commands: SESSION },
    description: "Capture when a process's memory (resident and swapped) rises above this.",
  },
  {
    ...{ name: 'deadline', type: 'duration', value: 'TIME', group: 'Time', commands: SESSION },
    description: 'Capture when the command still runs after this long; it goes on running.',
  },
  {
    ...{ name: 'perTestDeadline', type: 'duration', value: 'TIME', group: 'Time', commands: SESSION },
    description: 'Capture when a test still runs after this long (xunit tells when its tests start and end).',
  },
  {
    ...{ name: 'stacks', type: 'switch', default: false, group: 'Time', commands: SESSION },
    description: 'At a deadline print the managed stacks of all threads.',
  },
  {
    ...{ name: 'dump', letter: 'm', type: 'choice', choices: ['mini', 'heap', 'full', 'none'], default: 'heap' },
    ...{ group: 'How much', commands: WITH_DUMP },
    description:
      'Kind of dump: -mm stacks and exceptions, -mh with the managed heap, -ma all memory; none keeps only the report.',
  },
  {
    ...{ name: 'raw', type: 'switch', default: false, group: 'How much', commands: WITH_DUMP },
    description: 'Write plain core files instead of compressed ones (.core.zst).',
  },
  {
    ...{
      name: 'count',
      letter: 'n',
      type: 'count',
      value: 'COUNT',
      default: '10',
      group: 'How much',
      commands: SESSION,
    },
    description: 'At most this many captures; given by hand, every match counts, also several at one place.',
  },
  {
    ...{ name: 'perPlace', type: 'count', value: 'COUNT', default: '1', group: 'How much', commands: SESSION },
    description: 'At most this many captures of one exception type thrown at one place; 0 for no limit.',
  },
  {
    ...{ name: 'perType', type: 'count', value: 'COUNT', default: '3', group: 'How much', commands: SESSION },
    description: 'At most this many captures of one exception type; 0 for no limit.',
  },
  {
    ...{ name: 'perTest', type: 'count', value: 'COUNT', default: '0', group: 'How much', commands: SESSION },
    description: 'At most this many captures in one test; 0 for no limit.',
  },
  {
    ...{
      name: 'keep',
      type: 'choice',
      choices: ['failed', 'all'],
      default: 'failed',
      group: 'How much',
      commands: SESSION,
    },
    description: 'Where tests are known, keep captures of failed tests only; without known tests all are kept.',
  },
  {
    ...{ name: 'maxDisk', type: 'size', value: 'SIZE', default: '2GB', group: 'How much', commands: SESSION },
    description: "Space one session's dumps may take.",
  },
  {
    ...{
      name: 'keepSessions',
      type: 'count',
      value: 'COUNT',
      default: '5',
      group: 'How much',
      commands: ['run', 'attach', 'clean'],
    },
    description: 'Sessions that stay in .firstchance; older ones are removed. 0 keeps all.',
  },
  {
    ...{ name: 'output', letter: 'x', type: 'text', value: 'FOLDER', group: 'Output', commands: WITH_DUMP },
    description: 'Session folder; without it a new one in .firstchance, with .firstchance/latest pointing at it.',
  },
  {
    ...{ name: 'log', letter: 'l', type: 'switch', default: false, group: 'Output', commands: SESSION },
    description: 'Print every exception as it flies by, captured or not.',
  },
  {
    ...{ name: 'json', type: 'switch', default: false, group: 'Output', commands: ALL },
    description:
      'Results as JSON on standard output (run: one record per line); text for people goes to standard error.',
  },
  {
    ...{ name: 'quiet', letter: 'q', type: 'switch', default: false, group: 'Output', commands: ALL },
    description: 'Only problems and the last line.',
  },
  {
    ...{ name: 'verbose', letter: 'v', type: 'switch', default: false, group: 'Output', commands: ALL },
    description: 'Say more about what the engine does.',
  },
  {
    ...{ name: 'requireCapture', type: 'switch', default: false, group: 'Output', commands: SESSION },
    description: 'End with 93 when captures are not possible here, instead of a warning.',
  },
  {
    ...{ name: 'scrubEnv', type: 'switch', default: false, group: 'Environment', commands: ['run'] },
    description: 'Start the command without variables whose names look like secrets; a dump would hold them.',
  },
  {
    ...{ name: 'allowEnv', type: 'list', value: 'NAME', group: 'Environment', commands: ['run'] },
    description: 'With --scrub-env: keep this variable; * is a wildcard, may be repeated.',
  },
];

/** Values after parsing: times in ms, sizes in bytes, memory in MB. */
export type OptionValue = string | number | boolean | readonly string[];
export type OptionValues = Readonly<Record<string, OptionValue | undefined>>;

export function longOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Makes of a text what the option wants. @throws ValueError */
export function parseValue(option: OptionDefinition, text: string): OptionValue {
  switch (option.type) {
    case 'count':
      return parseCount(text);
    case 'duration':
      return parseDuration(text);
    case 'size':
      return parseSize(text);
    case 'megabytes':
      return parseMegabytes(text);
    default:
      return text;
  }
}
