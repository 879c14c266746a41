import { type HeapPathResult, humanBytes } from '@firstchance/model';
import { createdInText } from '../growth/created-in-text.ts';
import type { Style } from '../terminal/style.ts';
import { count } from '../text/count.ts';
import { fitEnd } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';
import { wrap } from '../text/wrap.ts';
import { factsLines, noteLines } from './facts.ts';
import { pathStairs } from './path-lines.ts';

/** What holds the objects of one type, or one object. */
export function showHeapPath(result: HeapPathResult, style: Style): string[] {
  const lines = [...factsLines(result.heap, style), ''];
  if (result.object) lines.push(...objectLines(result.object, result.type, style));
  else {
    lines.push(
      `${style.paint.yellow(harmless(result.type))}  ${count(result.instances, 'object')}, ${humanBytes(result.bytes)}${retaining(result.retainedBytes)}`,
    );
    if (result.createdIn) lines.push(...wrap(`  ${createdInText(result.createdIn)}`, style.columns, '  '));
    if (result.pathCount === 0) lines.push('  no root reaches them');
    for (const path of result.paths)
      lines.push(
        '',
        `${count(path.instances, 'object')}, ${humanBytes(path.bytes)}${retaining(path.retainedBytes)}, newest ${path.example}`,
        ...pathStairs(path.path, style.columns),
        ...(path.pattern === null ? [] : [`  ${harmless(path.pattern.replaceAll('-', ' '))}: ${harmless(path.cure)}`]),
      );
    const rest = result.pathCount - result.paths.length;
    if (rest > 0) lines.push('', `… ${count(rest, 'more way')} (--top ${result.pathCount})`);
  }
  return [...lines, ...noteLines(result.heap)];
}

function objectLines(object: NonNullable<HeapPathResult['object']>, type: string, style: Style): string[] {
  const lines = [
    `${style.paint.yellow(`${object.address} ${harmless(type)}`)}  ${humanBytes(object.bytes)}${retaining(object.retainedBytes)}`,
  ];
  if (object.path.length === 0) lines.push('  no root reaches it');
  else {
    const steps = object.path.map((step) => `${step.address} ${step.type}`);
    lines.push(...pathStairs([object.root, ...steps], style.columns));
  }
  lines.push('', object.referrers.length > 0 ? 'all that refers to it' : 'no object refers to it');
  for (const referrer of object.referrers)
    lines.push(fitEnd(`  ${referrer.instances} × ${harmless(referrer.type)}`, style.columns));
  return lines;
}

function retaining(bytes: number | null): string {
  return bytes === null ? '' : `, retaining ${humanBytes(bytes)}`;
}
