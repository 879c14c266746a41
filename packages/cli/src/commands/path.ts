import { UsageError } from '@firstchance/model';
import { showHeapPath } from '@firstchance/report';
import { withCreatedIn } from '../heap/created-in.ts';
import { loadHeap } from '../heap/load-heap.ts';
import { pathDocument } from '../heap/path-document.ts';
import { topOf } from '../heap/top.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';

export function pathAction({ command, context, finish }: Invoked): Action {
  return async (file: string) => {
    const { type, address } = command.opts<{ type?: string; address?: string }>();
    if (type === undefined && address === undefined)
      throw new UsageError('name what is looked for with --type TYPE or --address ADDRESS');
    const heap = await loadHeap(context, file);
    const document = await withCreatedIn(pathDocument(heap, file, { type, address }, topOf(command)), heap);
    const style = peopleStyle(context.stdout, context.environment);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify(document)}\n`);
    else print(context.stdout, context.environment, showHeapPath(document, style));
    finish(0);
  };
}
