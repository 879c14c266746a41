import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeSessions, SESSIONS_FOLDER, systemError } from '@firstchance/manifest';
import { defaultValues } from '@firstchance/model';
import { count } from '@firstchance/report';
import { commonFlags, invocation } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';

export function cleanAction({ command, context, finish }: Invoked): Action {
  return async () => {
    const { given } = await invocation(command, context);
    const all = command.opts<{ all?: boolean }>().all === true;
    const keep = all ? 0 : Number(given.keepSessions ?? defaultValues().keepSessions);
    const parent = join(context.folder, SESSIONS_FOLDER);
    const { removed, left } = existsSync(parent) ? remove(parent, keep) : { removed: [], left: 0 };
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify({ schema: 1, removed, left })}\n`);
    else context.stdout.write(`removed ${count(removed.length, 'session')}, ${left} left\n`);
    finish(0);
  };
}

function remove(parent: string, keep: number): { removed: readonly string[]; left: number } {
  try {
    const removed = removeSessions(parent, keep);
    return { removed, left: readdirSync(parent).filter((name) => /^\d/.test(name)).length };
  } catch (error) {
    throw systemError(`Removing sessions in ${parent}`, 'changing', error);
  }
}
