import { showHeapDiff, styleFor } from '@firstchance/report';
import { Command } from 'commander';
import { diffDocument } from '../heap/diff-document.ts';
import { loadHeap } from '../heap/load-heap.ts';
import { topOf } from '../heap/top.ts';
import { addOptions } from '../options/commander.ts';
import { commonFlags } from '../options/invocation.ts';
import type { CliContext } from '../ports.ts';

export function diffCommand(context: CliContext, finish: (code: number) => void): Command {
  const command = new Command('diff')
    .summary('What grew between two heaps, and what holds it.')
    .description('Compares two heaps of one process: types, collections that grew, and how the new objects are held.')
    .argument('<before>', "heap.fch, a .gcdump, a core dump or a capture's folder")
    .argument('<after>', 'the same, taken later');
  return addOptions(command, 'diff').action(async (before: string, after: string) => {
    const document = diffDocument(
      { heap: await loadHeap(context, before), file: before },
      { heap: await loadHeap(context, after), file: after },
      topOf(command),
    );
    const style = styleFor(context.stdout, context.environment);
    context.stdout.write(
      commonFlags(command).json ? `${JSON.stringify(document)}\n` : `${showHeapDiff(document, style).join('\n')}\n`,
    );
    finish(0);
  });
}
