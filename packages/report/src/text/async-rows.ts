import type { AsyncNode } from '@firstchance/model';
import { isOwnType } from './own-code.ts';

/** One line of the tree of waiting async methods. */
export interface AsyncRow {
  readonly depth: number;
  /** As the runtime names it; undefined for what stands for methods of the framework that are not shown. */
  readonly method: string | undefined;
  /** How many of those; 0 for a method that is shown. */
  readonly folded: number;
}

/** A test framework awaits sixty methods of its own before the first of the person who reads this. */
const MOST_IN_A_ROW = 3;
const DEEPEST = 40;

/**
 * Who waits for whom, for people: chains with a method of the program first, and of a longer row of methods of the framework only
 * how many they are. `all`: nothing is folded.
 */
export function asyncRows(roots: readonly AsyncNode[], all = false): AsyncRow[] {
  const [own, foreign] = [roots.filter(holdsOwn), roots.filter((root) => !holdsOwn(root))];
  return rowsOf([...own, ...foreign], 0, all);
}

function rowsOf(nodes: readonly AsyncNode[], depth: number, all: boolean): AsyncRow[] {
  return nodes.flatMap((node) => {
    const row = all ? [] : frameworkRow(node);
    const last = row.at(-1);
    const next = Math.min(depth + 1, DEEPEST);
    if (row.length > MOST_IN_A_ROW && last !== undefined) {
      const folded = { depth, method: undefined, folded: row.length };
      return [folded, ...rowsOf(last.awaits, next, all)];
    }
    return [{ depth, method: node.method, folded: 0 }, ...rowsOf(node.awaits, next, all)];
  });
}

/** The methods of the framework from this one on, each awaiting only the next. */
function frameworkRow(first: AsyncNode): AsyncNode[] {
  const row: AsyncNode[] = [];
  for (let node: AsyncNode | undefined = first; node && !isOwn(node); node = node.awaits[0]) {
    row.push(node);
    if (node.awaits.length !== 1) break;
  }
  return row;
}

function isOwn({ method }: AsyncNode): boolean {
  return isOwnType(method, null);
}

/** Some method of the program waits in it. */
export function holdsOwn(node: AsyncNode): boolean {
  return isOwn(node) || node.awaits.some(holdsOwn);
}
