import type { CreatedIn } from './created-in.ts';
import { boxedStateMachine, readableType } from './family.ts';

/* Names of types for people, where compilers made them. Files for machines keep the runtime's. */

/** The class with the variables of lambdas, or "<>c" where they have none (roslyn, GeneratedNames.cs). */
const CLOSURE = /^(.+)\+<>c(__DisplayClass[\w#|]*)?(<.*>)?$/;
/** The state of an async method's call, or of an iterator. "#" stands for a number in names of families. */
const MACHINE = /^(.+?)\+(?:<>c(?:__DisplayClass[\w#|]*)?(?:<.*>)?\+)?<(.+)>d(?:__[\d#]+)?(<.*>)?$/;
/** What such a state belongs to: "<Watch>b__0", "<Watch>g__Load|0_1". */
const LAMBDA = /^<(.+)>b__[\w#|]+$/;
const LOCAL = /^<(.+)>g__(\w+)\|[\w#]*$/;
const ANONYMOUS = /^<>f__AnonymousType[\d#]+(?:<(.*)>)?$/;
/** A type that only its file sees has the file's name and hash before its own. */
const FILE_LOCAL = /(^|[.+])<\w+>F[0-9A-F]{64}__(?=\w)/g;
/** Of F#, by method and line; of Visual Basic. */
const F_SHARP = /^(.+)\+(\w+)@[\d#]+(?:-[\d#]+)*(<.*>)?$/;
const VISUAL_BASIC = /^(.+)\+_Closure\$__[\d#]+(?:-[\d#]+)?(<.*>)?$/;
const VISUAL_BASIC_MACHINE = /^(.+)\+VB\$StateMachine_[\d#]+_(\w+)(<.*>)?$/;

/** Longer ones are not read: in a hostile name the patterns could try very many places. */
export const LONGEST_READ = 512;

/**
 * A type as a person says it: "async Shop.Orders.LoadAsync" of calls that have not ended, "closure of Shop.Desk.Watch" of what lambdas
 * keep; all others by readableType().
 * @param createdIn tells of a closure the method that its variables are in
 */
export function shownType(type: string, createdIn?: CreatedIn): string {
  if (type.length > LONGEST_READ) return readableType(type);
  const machine = boxedStateMachine(type);
  if (machine !== undefined) return readableType(`async ${callOf(machine) ?? machine}`);
  return readableType(compilerMade(type, createdIn) ?? type.replace(FILE_LOCAL, '$1'));
}

function compilerMade(type: string, createdIn: CreatedIn | undefined): string | undefined {
  const call = callOf(type);
  if (call !== undefined) return `call of ${call}`;
  const [, owner, variables, argumentsOf = ''] = CLOSURE.exec(type) ?? [];
  if (owner !== undefined)
    return variables === undefined
      ? `lambdas of ${owner}${argumentsOf}`
      : `closure of ${methodOf(owner, createdIn) ?? `${owner}${argumentsOf}`}`;
  const [, outer, method] = F_SHARP.exec(type) ?? [];
  if (outer !== undefined) return `closure of ${outer}.${method}`;
  const [, basic] = VISUAL_BASIC.exec(type) ?? [];
  if (basic !== undefined) return `closure of ${methodOf(basic, createdIn) ?? basic}`;
  const anonymous = ANONYMOUS.exec(type);
  return anonymous ? `anonymous type (${anonymous[1] ?? ''})` : undefined;
}

/** "Shop.Orders.LoadAsync", "lambda of Shop.Desk.Watch"; undefined of what is no call's state. */
export function callOf(type: string): string | undefined {
  const [, owner, method = '', argumentsOf = ''] = MACHINE.exec(type) ?? VISUAL_BASIC_MACHINE.exec(type) ?? [];
  if (owner === undefined) return undefined;
  const [, around] = LAMBDA.exec(method) ?? [];
  if (around !== undefined) return `lambda of ${owner}.${writtenMethod(around)}${argumentsOf}`;
  const [, outer, local] = LOCAL.exec(method) ?? [];
  return `${owner}.${outer === undefined ? writtenMethod(method) : `${writtenMethod(outer)}.${local}`}${argumentsOf}`;
}

/** Top-level statements are the Main of a program. */
export function writtenMethod(method: string): string {
  return method.replace(/^<Main>\$$/, 'Main');
}

/** The one method that makes these objects, where it is one of that type and has a name of its own. */
function methodOf(owner: string, createdIn: CreatedIn | undefined): string | undefined {
  const [place, ...others] = createdIn?.places ?? [];
  if (place === undefined || others.length > 0) return undefined;
  const method = place.method.slice(place.method.lastIndexOf('.') + 1);
  const plain = /^(?:\w+|<Main>\$)$/.test(method) && !place.method.endsWith('..ctor');
  return plain && place.method === `${owner}.${method}` ? `${owner}.${writtenMethod(method)}` : undefined;
}
