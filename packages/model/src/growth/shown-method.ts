import { callOf, LONGEST_READ, writtenMethod } from './shown-type.ts';

/** Where the source of a frame's text begins: "Shop.Store.Open (Store.cs:42)". */
const SOURCE = / \([^()]+:\d+\)$/;
/** Lambdas and local functions, in a class of closures or in the type itself (roslyn, GeneratedNames.cs). */
const LAMBDA = /^(.+?)(?:\+<>c(?:__DisplayClass[\w|]*)?(?:<.*>)?)?\.<(.+)>b__[\w|]+$/;
const LOCAL = /^(.+?)(?:\+<>c(?:__DisplayClass[\w|]*)?(?:<.*>)?)?\.<(.+)>g__(\w+)\|\w*$/;
const MAIN = /^(.+)\.<Main>\$$/;
const STEP = /^(.+)\.MoveNext$/;

/**
 * A method as a person says it, with what stands behind it: "lambda of Shop.Desk.Watch (Desk.cs:16)". What compilers did not name
 * stays as it is.
 * @param frame without parameters, with or without its source
 */
export function shownMethod(frame: string): string {
  if (frame.length > LONGEST_READ) return frame;
  const source = SOURCE.exec(frame)?.[0] ?? '';
  const method = frame.slice(0, frame.length - source.length);
  return `${named(method) ?? method}${source}`;
}

function named(method: string): string | undefined {
  const [, machine] = STEP.exec(method) ?? [];
  if (machine !== undefined) return callOf(machine);
  const [, type, around = ''] = LAMBDA.exec(method) ?? [];
  // In the initial value of a field it is nobody's but the type's.
  if (type !== undefined) return `lambda of ${type}${around.startsWith('.') ? '' : `.${writtenMethod(around)}`}`;
  const [, owner, outer = '', local] = LOCAL.exec(method) ?? [];
  if (owner !== undefined) return `${owner}.${writtenMethod(outer)}.${local}`;
  const [, program] = MAIN.exec(method) ?? [];
  return program === undefined ? undefined : `${program}.Main`;
}
