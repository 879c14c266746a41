import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { humanBytes, UsageError } from '@firstchance/model';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';

export function unpackAction({ command, context, finish }: Invoked): Action {
  return async (file: string) => {
    const { to } = command.opts<{ to?: string }>();
    const given = resolve(context.folder, file);
    if (!existsSync(given)) throw new UsageError(`there is no file ${file}`);
    const input = statSync(given).isDirectory() ? join(given, 'dump.core.zst') : given;
    if (!existsSync(input))
      throw new UsageError(`${file} holds no dump.core.zst; give a dump or a capture's folder with one`);
    if (to === undefined && !input.endsWith('.zst'))
      throw new UsageError(`${file} does not end in .zst; name the output with -o FILE`);
    const output = resolve(context.folder, to ?? input.replace(/\.zst$/, ''));
    if (existsSync(output))
      throw new UsageError(`${output} exists already; remove it or name another one with -o FILE`);
    await using engine = await context.ports.openEngine();
    const size = await engine.unpackDump(input, output);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify({ schema: 1, output, bytes: size })}\n`);
    else context.stdout.write(`${output} (${humanBytes(size)})\n`);
    finish(0);
  };
}
