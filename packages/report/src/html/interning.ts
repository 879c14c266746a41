import type { StackFrame } from '@firstchance/model';
import { frameSource } from '../text/frames.ts';
import { harmless } from '../text/harmless.ts';
import { byteLength, limit } from '../text/limit.ts';
import { isOwnCode, isOwnType, ownFrames } from '../text/own-code.ts';
import type { PageFrame, PageType } from './page-data.ts';

/** A table of values that are written once and named by their index. */
class Table<Value> {
  readonly values: Value[] = [];
  /** What they take as JSON, about. */
  bytes = 0;
  readonly #indices = new Map<string, number>();

  /** Index of the value of this key; made by `make` when it is new. */
  index(key: string, make: () => Value): number {
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.values.push(value);
    this.bytes += byteLength(JSON.stringify(value)) + 1;
    this.#indices.set(key, this.values.length - 1);
    return this.values.length - 1;
  }
}

const LONGEST_NAME = 600;
const DEEPEST_STACK = 400;

/** Frames, stacks and types of a whole report. */
export class Interning {
  readonly #frames = new Table<PageFrame>();
  readonly #stacks = new Table<readonly number[]>();
  readonly #types = new Table<PageType>();

  frame(frame: StackFrame): number {
    const key = `${frame.method}\0${frame.module}\0${frame.file}\0${frame.line}`;
    return this.#frames.index(key, () => {
      const kind = ownFrames([frame]).length === 0 ? 2 : isOwnCode(frame) ? 1 : 0;
      return [name(frame.method), name(frameSource(frame)), kind];
    });
  }

  stack(stack: readonly StackFrame[]): number {
    const frames = stack.slice(0, DEEPEST_STACK).map((frame) => this.frame(frame));
    return this.#stacks.index(frames.join(), () => frames);
  }

  type(type: string, module: string | null): number {
    return this.#types.index(`${type}\0${module}`, () => [
      name(type),
      name(module ?? ''),
      isOwnType(type, module) ? 1 : 0,
    ]);
  }

  /** What the tables take in the report, about. */
  get bytes(): number {
    return this.#frames.bytes + this.#stacks.bytes + this.#types.bytes;
  }

  get frames(): readonly PageFrame[] {
    return this.#frames.values;
  }

  get stacks(): readonly (readonly number[])[] {
    return this.#stacks.values;
  }

  get types(): readonly PageType[] {
    return this.#types.values;
  }
}

function name(text: string): string {
  return limit(harmless(text), LONGEST_NAME);
}
