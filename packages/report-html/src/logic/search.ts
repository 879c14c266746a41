import type { PageCapture, PageData } from '@firstchance/report';
import { href } from './route.ts';

export interface Hit {
  readonly group: 'Captures' | 'Growth checks' | 'Tests' | 'Left in memory' | 'Problems';
  readonly title: string;
  readonly note: string;
  readonly link: string;
}

const MOST_PER_GROUP = 50;

/** Finds every word of the query, in any order, letters large or small; stacks are looked through frame by frame. */
export class SearchIndex {
  readonly #data: PageData;
  readonly #frames: readonly string[];
  readonly #entries: readonly (Hit & { readonly text: string; readonly capture?: PageCapture })[];

  constructor(data: PageData) {
    this.#data = data;
    this.#frames = data.frames.map(([method, source]) => `${method} ${source}`.toLowerCase());
    const typeName = (index: number) => data.types[index]?.[0] ?? '';
    this.#entries = [
      ...data.checks.map((check) => ({
        ...{ group: 'Growth checks' as const, title: check.title, link: href('check', check.id) },
        note: `${check.verdict.replaceAll('_', ' ')}: ${check.growth[0]?.title ?? check.reason}`,
        text: lower(
          check.title,
          check.verdict,
          check.reason,
          ...check.growth.flatMap((one) => [one.title, ...one.path, ...one.owner]),
        ),
      })),
      ...data.captures.map((capture) => ({
        ...{ group: 'Captures' as const, title: capture.title, link: href('capture', capture.id), capture },
        note: [capture.id.slice(0, 4), capture.test?.title ?? capture.process, capture.where]
          .filter(Boolean)
          .join(' · '),
        text: lower(
          capture.id,
          capture.title,
          capture.kind,
          capture.test?.title ?? '',
          capture.process,
          String(capture.pid),
          capture.where,
          JSON.stringify(capture.exception),
        ),
      })),
      ...data.tests.map((test) => ({
        ...{ group: 'Tests' as const, title: test.title, note: test.state, link: href('tests') },
        text: lower(test.title, test.state, test.place),
      })),
      ...data.ledger.map((entry) => ({
        ...{ group: 'Left in memory' as const, title: entry.title, link: href('ledger') },
        note: entry.left
          .slice(0, 3)
          .map(([type]) => typeName(type))
          .join(', '),
        text: lower(entry.title, ...entry.left.map(([type]) => typeName(type))),
      })),
      ...data.problems.map((problem) => ({
        ...{ group: 'Problems' as const, title: problem.what, note: problem.why, link: href('run') },
        text: lower(problem.what, problem.where, problem.why, problem.cure),
      })),
    ];
  }

  find(query: string): { readonly hits: readonly Hit[]; readonly total: number } {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return { hits: [], total: 0 };
    const stacks = words.map((word) => this.#stacksWith(word));
    const found = this.#entries.filter(({ text, capture }) =>
      words.every((word, index) => text.includes(word) || (capture && hasStack(capture, stacks[index]))),
    );
    const seen = new Map<string, number>();
    const hits = found.filter(({ group }) => {
      const number = (seen.get(group) ?? 0) + 1;
      seen.set(group, number);
      return number <= MOST_PER_GROUP;
    });
    return { hits, total: found.length };
  }

  #stacksWith(word: string): ReadonlySet<number> {
    const frames = new Set<number>();
    for (const [index, text] of this.#frames.entries()) if (text.includes(word)) frames.add(index);
    const stacks = new Set<number>();
    if (frames.size === 0) return stacks;
    for (const [index, stack] of this.#data.stacks.entries())
      if (stack.some((frame) => frames.has(frame))) stacks.add(index);
    return stacks;
  }
}

function hasStack({ more, exception }: PageCapture, stacks: ReadonlySet<number> | undefined): boolean {
  if (!stacks || stacks.size === 0) return false;
  return (
    (exception !== null && stacks.has(exception.stack)) || more?.threads.some(({ stack }) => stacks.has(stack)) === true
  );
}

function lower(...parts: readonly string[]): string {
  return parts.join('\n').toLowerCase();
}
