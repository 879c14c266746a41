import { UsageError } from '@firstchance/model/options';
import { CommanderError } from 'commander';

/** One sentence for wrong usage; undefined for any other error. Apart from explain(), which loads much more. */
export function usageText(error: unknown): string | undefined {
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\n/g, ' ')
      .trim();
    return `${message}; see firstchance --help`;
  }
  return error instanceof UsageError ? error.message : undefined;
}
