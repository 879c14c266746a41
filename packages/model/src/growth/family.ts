/** What the engine writes for a type that the runtime's own debugging interface cannot name, with its address. */
const NAMELESS = /<unknown type 0x[0-9a-f]+>/gi;
const MADE_AT_RUN_TIME = '(type made at run time)';

/**
 * Name of the family a type belongs to, so that types whose names vary per operation (load contexts, dynamic assemblies, closed
 * generics) are counted together: arguments of generics become <…>, numbers and hexadecimal ids become #. Types that have no
 * name at all are those of Reflection.Emit, LINQ and the like.
 */
export function familyName(type: string): string {
  return withoutArguments(type.replace(NAMELESS, MADE_AT_RUN_TIME))
    .replace(/\b[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b/gi, '#')
    .replace(/[0-9a-f]*\d[0-9a-f]{7,}/gi, '#')
    .replace(/(?<!`)\d+/g, '#');
}

function withoutArguments(type: string): string {
  let depth = 0;
  let name = '';
  for (let at = 0; at < type.length; at++) {
    const character = type[at] ?? '';
    // Compiler-made names begin with <, as in Shop.Cart+<Add>d__3: they are no arguments.
    const opens = character === '<' && at > 0 && !/[+.<]/.test(type[at - 1] ?? '') && closes(type, at);
    if (opens || (depth > 0 && character === '<')) {
      if (depth === 0) name += '<…>';
      depth++;
    } else if (depth > 0 && character === '>') depth--;
    else if (depth === 0) name += character;
  }
  return name;
}

function closes(type: string, from: number): boolean {
  return type.indexOf('>', from) > from;
}

/** Whether this is the name of a family and not of a type. */
export function isFamilyName(name: string): boolean {
  return name.includes('#') || name.includes('<…>') || name.includes(MADE_AT_RUN_TIME);
}

/** The runtime's box around the state of an async method: the method's own state is its last argument. Paths have no namespaces. */
const ASYNC_BOX = /^(?:System\.Runtime\.CompilerServices\.)?(?:Pooling)?Async.*?\+\w*StateMachineBox<(.+)>$/;

/** Of the boxed state of an async method the method's state machine, "Shop.Orders+<LoadAsync>d__3"; undefined of other types. */
export function boxedStateMachine(type: string): string | undefined {
  return ASYNC_BOX.exec(type)?.[1];
}

/** A type's name for people: an address tells them nothing, and differs from run to run. */
export function readableType(type: string): string {
  return type.replace(NAMELESS, MADE_AT_RUN_TIME);
}
