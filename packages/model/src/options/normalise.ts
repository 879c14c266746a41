import { optionKey } from './definition.ts';
import { OPTIONS } from './table.ts';

const DUMPS: Readonly<Record<string, string>> = { '-mm': 'mini', '-mh': 'heap', '-ma': 'full' };
const EXCEPTIONS: Readonly<Record<string, string>> = { '1': 'first-chance', '2': 'unhandled' };

/**
 * Turns MiniDumper's two-letter options and ProcDump's habit `-e 1` into options an argument parser knows, before it sees
 * them: `-mm -mh -ma`, `-e 1`, `-e1`, `-e 2`, `-e` alone (unhandled, as in ProcDump). Everything else is passed on as it
 * came. What follows `--` is never touched, nor, with `run` and `check`, what follows the first word that is no option: it is the command.
 */
export function normaliseArguments(args: readonly string[]): string[] {
  const result: string[] = [];
  let command: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const argument = args[i] ?? '';
    if (argument === '--') return [...result, ...args.slice(i)];
    if (!argument.startsWith('-') || argument === '-') {
      if (command === 'run' || command === 'check') return [...result, ...args.slice(i)];
      command ??= argument;
      result.push(argument);
      continue;
    }
    const dump = DUMPS[argument];
    const [, attached] = /^-e([12])$/.exec(argument) ?? [];
    if (dump !== undefined) result.push('--dump', dump);
    else if (attached !== undefined) result.push('--exceptions', EXCEPTIONS[attached] ?? '');
    else if (argument === '-e') {
      const kind = EXCEPTIONS[args[i + 1] ?? ''];
      result.push('--exceptions', kind ?? 'unhandled');
      if (kind !== undefined) i += 1;
    } else {
      result.push(argument);
      // A value may look like one of our letters: `-f -e` looks for "-e".
      if (takesNext(argument) && i + 1 < args.length) {
        i += 1;
        result.push(args[i] ?? '');
      }
    }
  }
  return result;
}

/** True when the next argument is this option's value. */
function takesNext(argument: string): boolean {
  if (argument.startsWith('--')) {
    const option = OPTIONS.find((candidate) => candidate.name === optionKey(argument.slice(2)));
    return option !== undefined && option.type !== 'switch';
  }
  // Letters in a row: switches, then perhaps one that takes the rest (-n20) or, when nothing is left, the next argument (-ln 20).
  for (let at = 1; at < argument.length; at += 1) {
    const option = OPTIONS.find((candidate) => candidate.letter === argument[at]);
    if (option === undefined) return false;
    if (option.type !== 'switch') return at === argument.length - 1;
  }
  return false;
}
