import { optionKey } from '../options/definition.ts';
import { OPTIONS, optionsOf } from '../options/table.ts';
import { IN_PROJECT } from './in-project.ts';

/** Who reads advice: how they start us, and where they set an option of a growth check. */
export interface Reader {
  readonly command: string;
  readonly options: 'command line' | 'javascript' | 'dotnet';
}

/** Reads it in a log, a report or a test's message: nobody has us on the path there. */
export const ELSEWHERE: Reader = { command: IN_PROJECT, options: 'command line' };

const COMMANDS = [...new Set(OPTIONS.flatMap(({ commands }) => commands))].join('|');
/** Not what already says how: a path, `npx firstchance`. */
const COMMAND = new RegExp(`(?<![\\w./@-]|npx )firstchance(?= (?:${COMMANDS}|--help)\\b)`, 'g');
const OPTION = /(?<![\w-])--(no-)?([a-z]+(?:-[a-z]+)*)( [A-Z]+\b)?/g;

/** Properties of FirstChance.Testing's GrowthOptions, by the names that options have in the configuration file. */
export const DOTNET_OPTIONS: Readonly<Record<string, string>> = {
  ...{ thorough: 'Thorough', rounds: 'Rounds', dose: 'Dose', surge: 'Surge', budget: 'Budget', idle: 'Idle' },
  ...{ seed: 'Seed', gc: 'Collect', allocations: 'Allocations', nativeStacks: 'NativeStacks' },
};
/** Of a growth check, but said elsewhere than among its options. */
const NOT_IN_CODE = new Set(['attach', 'ready', 'readyTimeout', 'op', 'opCommand', 'controls', 'writeBaseline']);

/** Advice is written for a terminal where we are on the path; this makes of it what this reader can type. */
export function advice(text: string, { command, options }: Reader): string {
  const typed = command === 'firstchance' ? text : text.replace(COMMAND, command);
  if (options === 'command line') return typed;
  return typed.replace(OPTION, (flag: string, no: string | undefined, long: string, value = '') => {
    const name = optionKey(long);
    const option = optionsOf('check').find((one) => one.name === name && one.group === 'Growth');
    const given = no === undefined ? value.trim() || 'true' : 'false';
    if (option === undefined || NOT_IN_CODE.has(name)) return flag;
    if (options === 'javascript') return `{ ${name}: ${given} }`;
    const property = DOTNET_OPTIONS[name];
    return property === undefined ? flag : `GrowthOptions.${property} = ${given}`;
  });
}
