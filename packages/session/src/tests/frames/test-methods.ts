import type { EngineCapture } from '../../engine-port.ts';
import { NO_TEST } from './frameworks.ts';
import { sourceMethod } from './source-method.ts';

type AsyncNode = EngineCapture['awaiting'][number];

/** Reads the test methods of an assembly by their attributes; null when it cannot be read. */
export type ReadTestMethods = (modulePath: string) => Promise<ReadonlySet<string> | null>;
/** Whether a method is a test; undefined where its assembly could not be read. */
export type IsTest = (modulePath: string, method: string) => boolean | undefined;

/** The test methods of the assemblies that async methods come from, pending ones and those on stacks, each read once. */
export class TestMethods {
  readonly #read: ReadTestMethods;
  readonly #known = new Map<string, Promise<ReadonlySet<string> | null>>();

  constructor(read: ReadTestMethods) {
    this.#read = read;
  }

  async of({ awaiting, threads }: Pick<EngineCapture, 'awaiting' | 'threads'>): Promise<IsTest> {
    const paths = new Set<string>();
    for (const node of awaiting) collectPaths(node, paths);
    for (const { method, modulePath } of threads.flatMap(({ stack }) => stack))
      if (modulePath !== '' && isContinued(method)) paths.add(modulePath);
    const sets = new Map<string, ReadonlySet<string> | null>();
    for (const path of paths) {
      const reading = this.#known.get(path) ?? this.#read(path).catch(() => null);
      this.#known.set(path, reading);
      sets.set(path, await reading);
    }
    return (path, method) => sets.get(path)?.has(method.slice(method.lastIndexOf('+') + 1));
  }
}

/** A frame of an async method: the body of its state machine. */
export function isContinued(method: string): boolean {
  return /\.MoveNext\(\)$/.test(method) && !NO_TEST.test(method);
}

function collectPaths(node: AsyncNode, into: Set<string>): void {
  if (node.modulePath !== '' && !NO_TEST.test(sourceMethod(node.method))) into.add(node.modulePath);
  for (const child of node.awaits) collectPaths(child, into);
}
