/** Names that the C# compiler makes (roslyn, GeneratedNames.cs), of types with backticks or with arguments. */

/** The class or structure with the code of an async method or an iterator: "Shop.Orders+<LoadAsync>d__3". */
const STATE_MACHINE = /^(.*)\+<(.+)>d(?:__\d+)?(?:`\d+|<.*>)?$/;
/** Where lambdas are: with the variables that they keep, or without any. */
const CLOSURE = /^(.*)\+<>c(?:__DisplayClass[\w|]*)?(?:`\d+)?$/;

/** Longer ones are not read: in a hostile name the patterns could try very many places. */
const LONGEST = 1024;

export function isStateMachine(type: string): boolean {
  return type.length <= LONGEST && STATE_MACHINE.test(type);
}

/** "LoadAsync"; undefined for what is no state machine. */
export function methodOfStateMachine(type: string): string | undefined {
  return type.length > LONGEST ? undefined : STATE_MACHINE.exec(type)?.[2];
}

/** The type in whose source text the code of a type stands. @param type with backticks */
export function sourceType(type: string): string {
  if (type.length > LONGEST) return type;
  let name = type;
  for (let outer: string | undefined = type; outer !== undefined; ) {
    name = outer;
    outer = (STATE_MACHINE.exec(name) ?? CLOSURE.exec(name))?.[1];
  }
  return name;
}
