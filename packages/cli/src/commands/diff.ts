import { showHeapDiff } from '@firstchance/report';
import { diffDocument } from '../heap/diff-document.ts';
import { loadHeap } from '../heap/load-heap.ts';
import { topOf } from '../heap/top.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';

export function diffAction({ command, context, finish }: Invoked): Action {
  return async (before: string, after: string) => {
    const document = diffDocument(
      { heap: await loadHeap(context, before), file: before },
      { heap: await loadHeap(context, after), file: after },
      topOf(command),
    );
    const style = peopleStyle(context.stdout, context.environment);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify(document)}\n`);
    else print(context.stdout, context.environment, showHeapDiff(document, style));
    finish(0);
  };
}
