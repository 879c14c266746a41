import type { AsyncNode, CaptureDetail, StackFrame, ThreadInfo } from '@firstchance/model';
import { alike, alsoThere, stackKey } from './alike.ts';
import { asyncRows, asyncText, holdsMethod, holdsOwn, isOwn, methodOf } from './async-rows.ts';
import { frameSource, stackText } from './frames.ts';
import { hasOwnCode, ownFrame } from './own-code.ts';

const MOST_THREADS = 8;
const MOST_FRAMES = 20;
const MOST_WAITING = 30;

/** What of a capture says what the program was doing. */
export interface Doing {
  readonly awaiting: readonly AsyncNode[];
  readonly threads: readonly ThreadInfo[];
  readonly test: CaptureDetail['test'];
}

/** Without an exception: the program's methods that wait, and the stacks of its own threads; one list of lines for each. */
export function doingText({ awaiting, threads, test }: Doing): string[][] {
  const waiting = asyncRows(awaiting.filter(holdsOwn), { test }).map(
    (row) => `${'  '.repeat(row.depth)}${asyncText(row)}`,
  );
  const more = waiting.length > MOST_WAITING ? [`… ${waiting.length - MOST_WAITING} more`] : [];
  const busy = threads.filter(({ stack }) => hasOwnCode(stack));
  return [
    ...(waiting.length > 0 ? [['waiting async methods', ...waiting.slice(0, MOST_WAITING), ...more]] : []),
    ...alike(busy, ({ stack }) => stackKey(stack))
      .slice(0, MOST_THREADS)
      .map(([thread, ...same]) => [
        `thread ${thread.osId} ${thread.name ?? ''}${alsoThere(same)}`,
        ...stackText(thread.stack, MOST_FRAMES),
      ]),
  ];
}

/** The place to look at first. */
export interface Place {
  readonly method: string;
  /** Null where no symbols tell. */
  readonly file: string | null;
  readonly line: number | null;
}

/**
 * Where the test stands: at the last await of the program in its chain, or on a thread in the newest code of the program. Without
 * a test, or where it is seen nowhere, the same of what else is of the program. Undefined when nothing is.
 */
export function standsAt({ awaiting, threads, test }: Doing): Place | undefined {
  const name = methodOf(test);
  const chains = awaiting.filter(holdsOwn);
  const stacks = threads.map(({ stack }) => stack).filter(hasOwnCode);
  if (name !== undefined) {
    const chain = chains.find((root) => holdsMethod(root, name));
    if (chain) return lastOwn(chain);
    const stack = stacks.find((frames) => frames.some(({ method }) => isMethod(method, name)));
    if (stack) return newestOwn(stack);
  }
  const [chain] = chains;
  const [stack] = stacks;
  return chain ? lastOwn(chain) : stack && newestOwn(stack);
}

/** "Shop.Cart.LoadAsync (Cart.cs:40)" */
export function placeText(place: Place): string {
  const source = frameSource(place);
  return source === '' ? place.method : `${place.method} (${source})`;
}

function lastOwn(root: AsyncNode): Place | undefined {
  let last: AsyncNode | undefined;
  for (let node: AsyncNode | undefined = root; node; node = node.awaits.find(holdsOwn)) if (isOwn(node)) last = node;
  return last && { method: last.method, file: last.file ?? null, line: last.line ?? null };
}

function newestOwn(stack: readonly StackFrame[]): Place | undefined {
  const frame = ownFrame(stack);
  return frame && { method: frame.method, file: frame.file, line: frame.line };
}

/** "Shop.CartTests.Ships()" of "Shop.CartTests.Ships", also where the compiler made a type of the method. */
function isMethod(frame: string, name: string): boolean {
  const at = name.lastIndexOf('.');
  return frame.startsWith(`${name}(`) || frame.startsWith(`${name.slice(0, at)}+<${name.slice(at + 1)}>`);
}
