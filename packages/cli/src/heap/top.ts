import { findOption } from '@firstchance/model';
import type { Command } from 'commander';

/** --top, else the table's default. */
export function topOf(command: Command): number {
  return command.opts<{ top?: number }>().top ?? Number(findOption('top')?.default);
}
