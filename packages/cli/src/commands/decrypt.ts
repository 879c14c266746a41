import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '@firstchance/model';
import { decryptFile } from '../decrypt/decrypt-file.ts';
import { readIdentities } from '../decrypt/identities.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function decryptAction({ command, context, finish }: Invoked): Action {
  return async (names: string[]) => {
    const { to, identity } = command.opts<{ to?: string; identity?: string }>();
    if (identity === undefined) throw new UsageError('name the file with the private key: -i FILE');
    if (to !== undefined && names.length > 1) throw new UsageError('-o FILE is for one file, not for several');
    const decrypter = readIdentities(resolve(context.folder, identity), identity);
    const files = names.map((name) => ({ input: resolve(context.folder, name), output: outputOf(context, name, to) }));
    for (const { input, output } of files) await decryptFile(input, output, decrypter);
    if (commonFlags(command).json)
      context.stdout.write(`${JSON.stringify({ schema: 1, outputs: files.map(({ output }) => output) })}\n`);
    else for (const { output } of files) context.stdout.write(`${shownPath(context.folder, output)}\n`);
    finish(0);
  };
}

/** @throws UsageError */
function outputOf({ folder }: CliContext, name: string, to: string | undefined): string {
  if (!existsSync(resolve(folder, name))) throw new UsageError(`there is no file ${name}`);
  if (to === undefined && !name.endsWith('.age'))
    throw new UsageError(`${name} does not end in .age; name the output with -o FILE`);
  const output = resolve(folder, to ?? name.replace(/\.age$/, ''));
  if (existsSync(output)) throw new UsageError(`${output} exists already; remove it or name another one with -o FILE`);
  return output;
}
