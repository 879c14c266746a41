import { UsageError } from '@firstchance/model/options';
import { CommanderError } from 'commander';

/** One sentence for wrong usage (of `command`, whose help lists what is right); undefined for any other error. Apart from explain(), which loads much more. */
export function usageText(error: unknown, command?: string): string | undefined {
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\n/g, ' ')
      .trim()
      .replace(/\.$/, '');
    return `${message}; see firstchance ${command === undefined ? '' : `${command} `}--help`;
  }
  return error instanceof UsageError ? error.message : undefined;
}
