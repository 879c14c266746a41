/**
 * Name of the family a type belongs to, so that types whose names vary per operation (load contexts, dynamic assemblies, closed
 * generics) are counted together: arguments of generics become <…>, numbers and hexadecimal ids become #.
 */
export function familyName(type: string): string {
  return withoutArguments(type)
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

const PLATFORM = /^(System|Microsoft|mscorlib|netstandard|WindowsBase|Internal|Interop)(\.|$)/;

/** Of the application or a library it uses, not of .NET. */
export function isOwn(type: string, module: string): boolean {
  return !PLATFORM.test(type) && !(module !== '' && PLATFORM.test(module) && !type.includes('.'));
}
