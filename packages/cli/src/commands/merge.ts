import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MANIFEST_FILE, makeSessionFolder, mergeSessions } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import { count, harmless } from '@firstchance/report';
import { givenOptions } from '../options/commander.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';
import { writeReports } from '../report/write-reports.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function mergeAction({ command, context, finish }: Invoked): Action {
  return async (names: string[]) => {
    const sources = names.map((name) => resolve(context.folder, name));
    const wrong = names.find((_, index) => !existsSync(join(sources[index] ?? '', MANIFEST_FILE)));
    if (wrong !== undefined) throw new UsageError(`${wrong} is no session folder: it has no ${MANIFEST_FILE}`);
    const { output } = givenOptions(command);
    using folder = makeSessionFolder(context.folder, typeof output === 'string' ? output : undefined);
    if (sources.includes(folder.path))
      throw new UsageError(`${shownPath(context.folder, folder.path)} cannot be merged into itself`);
    const say = (sentence: string) => context.stderr.write(`firstchance: ${sentence}\n`);
    const result = await mergeSessions(sources, folder.path);
    for (const problem of result.problems) say(harmless(`problem: ${problem}`));
    await writeReports(folder.path, context.ports.reportPage, say);
    const shown = shownPath(context.folder, folder.path);
    const { json, quiet } = commonFlags(command);
    if (json) context.stdout.write(`${JSON.stringify({ schema: 1, folder: shown, ...result })}\n`);
    else if (!quiet)
      context.stdout.write(
        `${count(result.sessions.length, 'session')} with ${count(result.captures, 'capture')} in ${shown}\n`,
      );
    finish(0);
  };
}
