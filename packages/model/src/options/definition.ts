/** What kind of value an option takes; the parser makes of the text what the unit says. */
export type OptionType = 'switch' | 'text' | 'list' | 'choice' | 'count' | 'duration' | 'size' | 'megabytes' | 'rate';

export type OptionGroup = 'What to capture' | 'How much' | 'Time' | 'Output' | 'Environment' | 'Growth' | 'Heap';

/** `firstchance`: before any command. `check`: growth checks. */
export type CommandName =
  | 'firstchance'
  | 'run'
  | 'attach'
  | 'dump'
  | 'census'
  | 'ps'
  | 'doctor'
  | 'unpack'
  | 'decrypt'
  | 'show'
  | 'init'
  | 'clean'
  | 'heap'
  | 'diff'
  | 'path'
  | 'report'
  | 'merge'
  | 'check'
  | 'serve';

export interface OptionDefinition {
  /** Key in the configuration file; the long option is its kebab-case form, `--no-` before it for what is on by default. */
  readonly name: string;
  readonly letter?: string;
  readonly type: OptionType;
  readonly choices?: readonly string[];
  /** Name of the value in the help, "COUNT". */
  readonly value?: string;
  /** Least and greatest value of a count. */
  readonly range?: readonly [least: number, greatest: number];
  /** As a person would write it; undefined: not set. */
  readonly default?: string | boolean;
  readonly group: OptionGroup;
  /** One sentence. */
  readonly description: string;
  readonly commands: readonly CommandName[];
  /** It makes sense for one invocation only: no key of the configuration file. */
  readonly commandLineOnly?: true;
}

/** Values after parsing: times in ms, sizes in bytes, memory in MB (10^6 bytes). */
export type OptionValue = string | number | boolean | readonly string[];
export type OptionValues = Readonly<Record<string, OptionValue | undefined>>;

/** "perTestDeadline" → "--per-test-deadline" */
export function longOption(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The option as it is written: a switch that is on by default is there to be switched off, "gc" → "--no-gc". */
export function writtenOption(option: OptionDefinition): string {
  const long = longOption(option.name);
  return option.type === 'switch' && option.default === true ? long.replace(/^--/, '--no-') : long;
}

/** "per-test-deadline" → "perTestDeadline" */
export function optionKey(long: string): string {
  return long.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
