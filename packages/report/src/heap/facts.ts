import { type HeapFacts, humanBytes } from '@firstchance/model';
import type { Style } from '../terminal/style.ts';
import { count } from '../text/count.ts';
import { harmless } from '../text/harmless.ts';

/** Which process, when, how much; a heap that is not whole says so before anything else is read. */
export function factsLines(heap: HeapFacts, style: Style): string[] {
  const runtime = heap.runtime === null ? 'runtime not known' : `.NET ${harmless(heap.runtime)}`;
  const lines = [
    style.paint.bold(
      `${harmless(heap.process)} (pid ${heap.pid}), ${runtime}, ${harmless(heap.architecture ?? 'architecture not known')}`,
    ),
    `  ${harmless(heap.time)}: ${count(heap.objects, 'object')} in use, ${humanBytes(heap.bytes)}, ${count(heap.references, 'reference')}`,
  ];
  if (!heap.complete) lines.push(style.paint.yellow(`  not complete: ${harmless(heap.why || 'nobody says why')}`));
  return lines;
}

export function noteLines(heap: HeapFacts): string[] {
  return heap.notes.flatMap((note) => ['', `note: ${harmless(note)}`]);
}
