import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeSessions } from '@firstchance/manifest';
import { defaultValues } from '@firstchance/model';
import { count } from '@firstchance/report';
import { Command } from 'commander';
import { addOptions } from '../options/commander.ts';
import { commonFlags, invocation } from '../options/invocation.ts';
import type { CliContext } from '../ports.ts';

export function cleanCommand(context: CliContext, finish: (code: number) => void): Command {
  const command = new Command('clean')
    .summary('Remove old sessions.')
    .description('Removes sessions from .firstchance in this folder; those that still run stay.');
  return addOptions(command, 'clean').action(async () => {
    const { given } = await invocation(command, context);
    const all = command.opts<{ all?: boolean }>().all === true;
    const keep = all ? 0 : Number(given.keepSessions ?? defaultValues().keepSessions);
    const parent = join(context.folder, '.firstchance');
    const removed = existsSync(parent) ? removeSessions(parent, keep) : [];
    const left = existsSync(parent) ? readdirSync(parent).filter((name) => /^\d/.test(name)).length : 0;
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify({ schema: 1, removed, left })}\n`);
    else context.stdout.write(`removed ${count(removed.length, 'session')}, ${left} left\n`);
    finish(0);
  });
}
