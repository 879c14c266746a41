import type { AsyncNode } from '@firstchance/model';
import { type Alike, alike } from './alike.ts';
import { frameSource } from './frames.ts';
import { isOwnType } from './own-code.ts';

/** One line of the tree of waiting async methods. */
export interface AsyncRow {
  readonly depth: number;
  /** As the runtime names it; undefined for what stands for methods of the framework that are not shown. */
  readonly method: string | undefined;
  /** "Cart.cs:40", the await at which it stands; empty where no symbols tell. */
  readonly source: string;
  /** How many of those; 0 for a method that is shown. */
  readonly folded: number;
  /** So many wait alike, with all that they await. */
  readonly times: number;
}

/** A test framework awaits sixty methods of its own before the first of the person who reads this. */
const MOST_IN_A_ROW = 3;
const DEEPEST = 40;

export interface AsyncRowOptions {
  /** Nothing is folded. */
  readonly all?: boolean;
  /** The test that is asked about: the chain with its method comes before all others. */
  readonly test?: { readonly title: readonly string[] } | null;
}

/**
 * Who waits for whom, for people: chains with a method of the program first, and of a longer row of methods of the framework only
 * how many they are.
 */
export function asyncRows(roots: readonly AsyncNode[], { all = false, test }: AsyncRowOptions = {}): AsyncRow[] {
  const name = methodOf(test);
  const rank = (root: AsyncNode) => (name !== undefined && holdsMethod(root, name) ? 0 : holdsOwn(root) ? 1 : 2);
  const ranked = roots.map((root) => ({ root, rank: rank(root) })).sort((a, b) => a.rank - b.rank);
  return rowsOf(
    ranked.map(({ root }) => root),
    0,
    all,
  );
}

/** Frameworks call a test by its full name, with the arguments of its case: the method's name. */
export function methodOf(test: AsyncRowOptions['test']): string | undefined {
  return test?.title.at(-1)?.replace(/\(.*$/s, '');
}

/** A method of this name waits in it. */
export function holdsMethod({ method, awaits }: AsyncNode, name: string): boolean {
  return method === name || awaits.some((node) => holdsMethod(node, name));
}

function rowsOf(nodes: readonly AsyncNode[], depth: number, all: boolean): AsyncRow[] {
  // A chain, which may be long, is not compared with anything.
  const groups =
    all || nodes.length < 2
      ? nodes.map((node): Alike<AsyncNode> => [node])
      : alike(nodes, (node) => JSON.stringify(node));
  return groups.flatMap(([node, ...same]) => {
    const times = 1 + same.length;
    const row = all ? [] : frameworkRow(node);
    const last = row.at(-1);
    const next = Math.min(depth + 1, DEEPEST);
    if (row.length > MOST_IN_A_ROW && last !== undefined) {
      const folded = { depth, method: undefined, source: '', folded: row.length, times };
      return [folded, ...rowsOf(last.awaits, next, all)];
    }
    return [
      { depth, method: node.method, source: awaitSource(node), folded: 0, times },
      ...rowsOf(node.awaits, next, all),
    ];
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

/** "Shop.Cart.LoadAsync  Cart.cs:40  (5 times)", "… 21 of the framework" */
export function asyncText(row: AsyncRow): string {
  return [methodText(row), ...besideMethod(row)].join('  ');
}

export function methodText({ method, folded }: AsyncRow): string {
  return method ?? `… ${folded} of the framework`;
}

/** What is told of it beside its name. */
export function besideMethod({ source, times }: AsyncRow): string[] {
  return [source, times > 1 ? `(${times} times)` : ''].filter((part) => part !== '');
}

/** "Cart.cs:40": where a pending async method stands. */
export function awaitSource({ file, line }: AsyncNode): string {
  return file === undefined ? '' : frameSource({ file, line: line ?? null });
}

/** A method of the program. */
export function isOwn({ method }: AsyncNode): boolean {
  return isOwnType(method, null);
}

/** Some method of the program waits in it. */
export function holdsOwn(node: AsyncNode): boolean {
  return isOwn(node) || node.awaits.some(holdsOwn);
}
