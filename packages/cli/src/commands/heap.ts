import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeGcdump } from '@firstchance/heap';
import { UsageError } from '@firstchance/model';
import { showHeap } from '@firstchance/report';
import { heapDocument } from '../heap/heap-document.ts';
import { loadHeap } from '../heap/load-heap.ts';
import { topOf } from '../heap/top.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';

export function heapAction({ command, context, finish }: Invoked): Action {
  return async (file: string) => {
    const { gcdump } = command.opts<{ gcdump?: string }>();
    const output = gcdump === undefined ? undefined : resolve(context.folder, gcdump);
    if (output !== undefined && existsSync(output))
      throw new UsageError(`${output} exists already; remove it or name another one with --gcdump FILE`);
    const heap = await loadHeap(context, file);
    if (output !== undefined) await writeGcdump(output, heap);
    const document = heapDocument(heap, file, topOf(command));
    const style = peopleStyle(context.stdout, context.environment);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify(document)}\n`);
    else print(context.stdout, context.environment, showHeap(document, style));
    if (output !== undefined) context.stderr.write(`${output} written\n`);
    finish(0);
  };
}
