import { OPTIONS } from './table.ts';

const DUMPS: Readonly<Record<string, string>> = { '-mm': 'mini', '-mh': 'heap', '-ma': 'full' };
const EXCEPTIONS: Readonly<Record<string, string>> = { '1': 'first-chance', '2': 'unhandled' };

/**
 * Turns MiniDumper's two-letter options and ProcDump's habit `-e 1` into options the parser knows, before it sees them.
 * Only our own arguments are touched: everything after `--`, or from the command's name on, belongs to the command.
 */
export function normaliseArguments(args: readonly string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const argument = args[i] ?? '';
    // The first word names our own command (run, attach, …); the next word without a dash is the target's command.
    if (argument === '--' || (i > 0 && !argument.startsWith('-'))) return [...result, ...args.slice(i)];
    const dump = DUMPS[argument];
    if (dump !== undefined) result.push('--dump', dump);
    else if (argument === '-e') {
      const kind = EXCEPTIONS[args[i + 1] ?? ''];
      // ProcDump's bare -e means unhandled ones.
      result.push('--exceptions', kind ?? 'unhandled');
      if (kind !== undefined) i += 1;
    } else if (/^-e[12]$/.test(argument)) result.push('--exceptions', EXCEPTIONS[argument.slice(2)] ?? '');
    else {
      result.push(argument);
      if (takesValue(argument) && i + 1 < args.length) {
        i += 1;
        result.push(args[i] ?? '');
      }
    }
  }
  return result;
}

function takesValue(argument: string): boolean {
  if (argument.includes('=')) return false;
  const name = argument.replace(/^--?/, '').replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  const option = OPTIONS.find((candidate) => (argument.startsWith('--') ? candidate.name : candidate.letter) === name);
  return option !== undefined && option.type !== 'switch';
}
