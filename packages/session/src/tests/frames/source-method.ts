/** Names the C# compiler makes: closures, lambdas, local functions, state machines (roslyn, GeneratedNames.cs). */
const CLOSURE = /\+<>c(?:__DisplayClass[\d_]+)?(?:<.*>)?$/;
const STATE_MACHINE = /^(.*)\+<(?:<(\w+)>[bg]__[^>]*|(\w+))>d(?:__\d+)?(?:<.*>)?\.MoveNext$/;
const BOX = /AsyncStateMachineBox<(.*\+<.*>d(?:__\d+)?)(?:<.*>)?>/;
const LAMBDA = /^(.*)\.<(\w+)>[bg]__/;
const GENERIC = /<[^<>]*>$/;

/**
 * The method of the source text that a frame's method was made from, "Suite.Orders+Inner.Loads", without parameters and type
 * arguments: itself, or the one around a lambda, a local function or an async method's MoveNext.
 * @param method as in a stack or in a tree of pending async methods
 */
export function sourceMethod(method: string): string {
  const box = BOX.exec(method)?.[1];
  const bare = box === undefined ? beforeParameters(method) : `${box}.MoveNext`;
  const [, machineOwner, lambda, name] = STATE_MACHINE.exec(bare) ?? [];
  if (machineOwner !== undefined) return join(machineOwner, lambda ?? name ?? '');
  const [, owner, around] = LAMBDA.exec(bare) ?? [];
  if (owner !== undefined) return join(owner, around ?? '');
  const dot = bare.replace(GENERIC, '').lastIndexOf('.');
  return dot < 0 ? bare : join(bare.slice(0, dot), bare.replace(GENERIC, '').slice(dot + 1));
}

function join(owner: string, name: string): string {
  return `${owner.replace(CLOSURE, '').replace(GENERIC, '')}.${name}`;
}

/** Parameters begin at the last parenthesis that opens outside of type arguments. */
function beforeParameters(method: string): string {
  let depth = 0;
  for (let at = 0; at < method.length; at += 1) {
    const character = method[at];
    if (character === '<') depth += 1;
    else if (character === '>') depth -= 1;
    else if (character === '(' && depth <= 0) return method.slice(0, at);
  }
  return method;
}
