import { type HeapResult, type HeldGroupInfo, humanBytes } from '@firstchance/model';
import { shortType } from '../terminal/names.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { count } from '../text/count.ts';
import { pad } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { factsLines, noteLines } from './facts.ts';
import { pathLine } from './path-lines.ts';

const BRANCH = '  ';

/** What is on a heap and what holds it. */
export function showHeap(result: HeapResult, style: Style): string[] {
  const { heap, unreachable } = result;
  const lines = factsLines(heap, style);
  if (unreachable && unreachable.instances > 0)
    lines.push(
      heap.complete
        ? `  ${count(unreachable.instances, 'dead object')} of ${humanBytes(unreachable.bytes)} wait for a collection`
        : `  ${count(unreachable.instances, 'more object')} of ${humanBytes(unreachable.bytes)}, dead or held by what could not be read`,
    );
  lines.push('', ...typeTable(result, style));
  if (result.native) lines.push('', ...nativeLines(result.native, style));
  if (result.dominators.length > 0) lines.push('', ...dominatorLines(result, style));
  return [...lines, ...noteLines(heap)];
}

function typeTable({ types, typeCount, dominators }: HeapResult, style: Style): string[] {
  const right = 'right' as const;
  const columns: Column<HeapResult['types'][number]>[] = [
    { title: 'instances', value: (type) => String(type.instances), align: right },
    { title: 'size', value: (type) => humanBytes(type.bytes), align: right },
    {
      title: 'retained',
      value: (type) => (type.retainedBytes === null ? '' : humanBytes(type.retainedBytes)),
      align: right,
    },
    { title: 'type', value: (type) => harmless(type.type), flex: 1 },
  ];
  const shown = dominators.length > 0 ? columns : columns.filter(({ title }) => title !== 'retained');
  const rest = typeCount - types.length;
  return [...table(shown, types, style), ...(rest > 0 ? [`… ${count(rest, 'more type')} (--top ${typeCount})`] : [])];
}

/** Who holds memory outside the managed heap, by type. */
function nativeLines(native: NonNullable<HeapResult['native']>, style: Style): string[] {
  const { bytes, unheldBytes, owners, ownerCount, why } = native;
  const right = 'right' as const;
  const columns: Column<(typeof owners)[number]>[] = [
    { title: 'objects', value: ({ objects }) => String(objects), align: right },
    { title: 'native', value: (owner) => humanBytes(owner.bytes), align: right },
    { title: 'certain', value: ({ sureBytes }) => humanBytes(sureBytes), align: right },
    { title: 'type', value: ({ type }) => harmless(type), flex: 1 },
  ];
  const rest = ownerCount - owners.length;
  return [
    style.paint.bold(
      `who holds native memory (${humanBytes(bytes)}; no managed object leads to ${humanBytes(unheldBytes)})`,
    ),
    ...table(columns, owners, style),
    ...(rest > 0 ? [`… ${count(rest, 'more type')} (--top ${ownerCount})`] : []),
    ...(why === '' ? [] : [`not all was looked at: ${harmless(why)}`]),
  ];
}

/** Each of the biggest as the path that holds it, below it what it holds alone, by type. */
function dominatorLines({ dominators, heap }: HeapResult, style: Style): string[] {
  const lines = [style.paint.bold('what holds the memory (retained: bytes that would go with it)')];
  for (const dominator of dominators) {
    const share = `${Math.round((100 * dominator.retainedBytes) / Math.max(1, heap.bytes))} %`;
    const start = `${amount(dominator.retainedBytes)} ${pad(share, 5, 'right')}  `;
    const path = dominator.path.length > 0 ? dominator.path : [shortType(dominator.type)];
    lines.push(`${start}${pathLine(path, style.columns - start.length)}`);
    lines.push(...heldLines(dominator.children, 1, style));
  }
  return lines;
}

function heldLines(groups: readonly HeldGroupInfo[], depth: number, style: Style): string[] {
  return groups.flatMap((group) => {
    const start = `${amount(group.retainedBytes)}        ${BRANCH.repeat(depth)}`;
    const text = `${group.instances} × ${shortType(group.type)}`;
    return [
      `${start}${pathLine([text], style.columns - start.length)}`,
      ...heldLines(group.children, depth + 1, style),
    ];
  });
}

function amount(bytes: number): string {
  return pad(humanBytes(bytes), 8, 'right');
}
