import { fitEnd, width } from '../text/fit.ts';
import { harmless } from '../text/harmless.ts';

const ARROW = ' → ';
const GAP = '…';

/** A path in one line; when it is too long its middle goes, because root and end say most. */
export function pathLine(path: readonly string[], columns: number): string {
  const steps = path.map(harmless);
  for (let left = steps.length; ; left -= 1) {
    const cut = left < steps.length ? [...steps.slice(0, 1), GAP, ...steps.slice(steps.length - left + 1)] : steps;
    const line = cut.join(ARROW);
    if (width(line) <= columns) return line;
    if (left <= 2) return shortest(steps, columns);
  }
}

/** Root and end only, the root cut: what is held says more than the end of its holder's name. */
function shortest(steps: readonly string[], columns: number): string {
  const [root = '', end = ''] = [
    steps[0],
    steps.length > 1 ? `${ARROW}${steps.length > 2 ? GAP + ARROW : ''}${steps.at(-1)}` : '',
  ];
  return fitEnd(`${fitEnd(root, Math.max(12, columns - width(end)))}${end}`, columns);
}

/** A path as stairs, one step a line, each held by the one above. */
export function pathStairs(path: readonly string[], columns: number, indent = 2): string[] {
  return path.map((step, index) => fitEnd(`${' '.repeat(indent + 2 * Math.min(index, 20))}${harmless(step)}`, columns));
}
