import { type HeapFacts, humanBytes } from '@firstchance/model';
import type { Style } from '../terminal/style.ts';
import { count } from '../text/count.ts';
import { harmless } from '../text/harmless.ts';

/** Which process (else which file), when, how much; a heap that is not whole says so before anything else is read. */
export function factsLines(heap: HeapFacts, style: Style): string[] {
  const process = heap.process === '' ? harmless(heap.file) : `${harmless(heap.process)} (pid ${heap.pid})`;
  const facts = [process, !heap.runtime ? '' : `.NET ${harmless(heap.runtime)}`, harmless(heap.architecture ?? '')];
  const when = heap.time === '' ? '' : `${harmless(heap.time)}: `;
  const lines = [
    style.paint.bold(facts.filter((fact) => fact !== '').join(', ')),
    `  ${when}${count(heap.objects, 'object')} in use, ${humanBytes(heap.bytes)}, ${count(heap.references, 'reference')}`,
  ];
  if (!heap.complete) lines.push(style.paint.yellow(`  not complete: ${harmless(heap.why || 'nobody says why')}`));
  return lines;
}

export function noteLines(heap: HeapFacts): string[] {
  return heap.notes.flatMap((note) => ['', `note: ${harmless(note)}`]);
}
