import { UsageError } from '@firstchance/model';
import { showHeapPath, styleFor } from '@firstchance/report';
import { Command } from 'commander';
import { loadHeap } from '../heap/load-heap.ts';
import { pathDocument } from '../heap/path-document.ts';
import { topOf } from '../heap/top.ts';
import { addOptions } from '../options/commander.ts';
import { commonFlags } from '../options/invocation.ts';
import type { CliContext } from '../ports.ts';

export function pathCommand(context: CliContext, finish: (code: number) => void): Command {
  const command = new Command('path')
    .summary('What holds the objects of a type, or one object.')
    .description('Shows the ways from roots to the objects of a type, most objects first, or to one object.')
    .argument('<file>', "heap.fch, a .gcdump, a core dump or a capture's folder");
  return addOptions(command, 'path').action(async (file: string) => {
    const { type, address } = command.opts<{ type?: string; address?: string }>();
    if (type === undefined && address === undefined)
      throw new UsageError('name what is looked for with --type TYPE or --address ADDRESS');
    const document = pathDocument(await loadHeap(context, file), file, { type, address }, topOf(command));
    const style = styleFor(context.stdout, context.environment);
    context.stdout.write(
      commonFlags(command).json ? `${JSON.stringify(document)}\n` : `${showHeapPath(document, style).join('\n')}\n`,
    );
    finish(0);
  });
}
