import { type HeapDiffResult, humanBytes } from '@firstchance/model';
import type { Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { count } from '../text/count.ts';
import { harmless } from '../text/harmless.ts';
import { factsLines, noteLines } from './facts.ts';
import { pathLine, pathStairs } from './path-lines.ts';

const right = 'right' as const;

/** What grew between two heaps, what holds it, and what usually helps. */
export function showHeapDiff(result: HeapDiffResult, style: Style): string[] {
  const { before, after } = result;
  const lines = [
    ...factsLines(before, style),
    ...factsLines(after, style),
    `  ${signed(after.objects - before.objects)} objects, ${signedBytes(after.bytes - before.bytes)}`,
    ...growthLines(result.growth, style),
  ];
  if (result.types.length > 0) {
    const rest = result.changedTypes - result.types.length;
    lines.push('', ...table(typeColumns(result), result.types, style));
    if (rest > 0) lines.push(`… ${count(rest, 'more type')} changed (--top ${result.changedTypes})`);
  } else lines.push('', 'no type has more or fewer instances');
  if (result.containers.length > 0) lines.push('', ...containerLines(result, style));
  return [...lines, ...noteLines(after)];
}

function growthLines(growth: HeapDiffResult['growth'], style: Style): string[] {
  return growth.flatMap((entry, index) => [
    '',
    `${style.paint.yellow(`${index + 1}. ${harmless(entry.type)}`)}  ${signed(entry.instances)} objects, ${signedBytes(entry.bytes)}, retaining ${signedBytes(entry.retainedBytes)}`,
    ...(entry.path.length > 0
      ? ['   the new ones are held by', ...pathStairs(entry.path, style.columns, 5)]
      : ['   no root reaches the new ones']),
    ...(entry.container === null ? [] : [`   collection that grew: ${harmless(entry.container)}`]),
    ...(entry.pattern === null ? [] : [`   ${harmless(entry.pattern.replaceAll('-', ' '))}: ${harmless(entry.cure)}`]),
  ]);
}

type Change = HeapDiffResult['types'][number];

function typeColumns({ types }: HeapDiffResult): Column<Change>[] {
  const retained = ({ before, after }: Change) =>
    before.retainedBytes === null || after.retainedBytes === null
      ? ''
      : signedBytes(after.retainedBytes - before.retainedBytes);
  const columns: Column<Change>[] = [
    { title: 'instances', value: ({ before, after }) => signed(after.instances - before.instances), align: right },
    { title: 'now', value: ({ after }) => String(after.instances), align: right },
    { title: 'size', value: ({ before, after }) => signedBytes(after.bytes - before.bytes), align: right },
    { title: 'retained', value: retained, align: right },
    { title: 'type', value: ({ type }) => harmless(type), flex: 1 },
  ];
  return columns.filter(({ title, value }) => title !== 'retained' || types.some((change) => value(change) !== ''));
}

function containerLines({ containers }: HeapDiffResult, style: Style): string[] {
  const elements = ({ before, after }: HeapDiffResult['containers'][number]) =>
    `${before.elements} → ${after.elements}`;
  const columns: Column<HeapDiffResult['containers'][number]>[] = [
    { title: 'elements', value: elements, align: right },
    {
      title: 'retained',
      value: ({ before, after }) =>
        before.retainedBytes === null || after.retainedBytes === null
          ? ''
          : signedBytes(after.retainedBytes - before.retainedBytes),
      align: right,
    },
    { title: 'collection that grew', value: ({ path }) => pathLine(path, style.columns - 26), flex: 1 },
  ];
  return table(columns, containers, style);
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : value < 0 ? `−${-value}` : '±0';
}

function signedBytes(value: number): string {
  return value > 0 ? `+${humanBytes(value)}` : value < 0 ? `−${humanBytes(-value)}` : '±0';
}
