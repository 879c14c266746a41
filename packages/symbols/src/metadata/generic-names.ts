/** Stands for a type parameter in a type's name: what is there is known only when the code runs. */
export const ANY_TYPE = '\0';

/**
 * "Shop.Cache`1+Entry" with [Shop.Page] is "Shop.Cache<Shop.Page>+Entry": arguments go where the backticks stand, as the engine
 * writes types; what is left over goes to the end.
 */
export function withArguments(rawName: string, args: readonly string[]): string {
  let used = 0;
  const name = rawName.replace(/`(\d{1,3})/g, (text, digits: string) => {
    const count = Number(digits);
    if (count === 0 || used + count > args.length) return text;
    used += count;
    return `<${args.slice(used - count, used).join(', ')}>`;
  });
  return used < args.length ? `${name}<${args.slice(used).join(', ')}>` : name;
}

/** A definition's name with ANY_TYPE for each of its parameters. */
export function asPattern(rawName: string): string {
  return rawName.replace(
    /`(\d{1,3})/g,
    (_text, digits: string) => `<${Array(Number(digits)).fill(ANY_TYPE).join(', ')}>`,
  );
}

/** Whether a type's name is the one of a pattern, in which each ANY_TYPE stands for one whole type argument. */
export function fitsPattern(pattern: string, name: string): boolean {
  let at = 0;
  for (const [index, piece] of pattern.split(ANY_TYPE).entries()) {
    if (index > 0) {
      const end = argumentEnd(name, at);
      if (end === at) return false;
      at = end;
    }
    if (!name.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === name.length;
}

/** Where the type argument that begins at `from` ends: before the comma or bracket that belongs to no bracket of its own. */
function argumentEnd(name: string, from: number): number {
  let depth = 0;
  for (let at = from; at < name.length; at += 1) {
    const character = name[at];
    if (character === '<' || character === '[') depth += 1;
    else if (character === '>' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
    } else if (character === ',' && depth === 0) return at;
  }
  return name.length;
}
