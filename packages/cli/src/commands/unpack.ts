import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { humanBytes, UsageError } from '@firstchance/model';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';

export function unpackAction({ command, context, finish }: Invoked): Action {
  return async (file: string) => {
    const { to } = command.opts<{ to?: string }>();
    const input = resolve(context.folder, file);
    if (!existsSync(input)) throw new UsageError(`there is no file ${file}`);
    if (to === undefined && !file.endsWith('.zst'))
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
