/** "Shop.Cache<Shop.Page>+Entry" and "Shop.Cache`1+Entry" are both "Shop.Cache+Entry". Names that the compiler makes begin with <. */
export function openName(type: string): string {
  let depth = 0;
  let name = '';
  for (let at = 0; at < type.length; at += 1) {
    const character = type[at] ?? '';
    if (character === '<' && (depth > 0 || /[\p{L}\p{N}_`]/u.test(type[at - 1] ?? ''))) depth += 1;
    else if (character === '>' && depth > 0) depth -= 1;
    else if (depth === 0) name += character;
  }
  return name.replace(/`\d+/g, '');
}
