import { showHeapDiff, styleFor } from '@firstchance/report';
import { diffDocument } from '../heap/diff-document.ts';
import { loadHeap } from '../heap/load-heap.ts';
import { topOf } from '../heap/top.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, Invoked } from '../ports.ts';

export function diffAction({ command, context, finish }: Invoked): Action {
  return async (before: string, after: string) => {
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
  };
}
