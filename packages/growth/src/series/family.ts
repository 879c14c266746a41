const PLATFORM = /^(System|Microsoft|mscorlib|netstandard|WindowsBase|Internal|Interop)(\.|$)/;

/** Of the application or a library it uses, not of .NET. */
export function isOwn(type: string, module: string): boolean {
  return !PLATFORM.test(type) && !(module !== '' && PLATFORM.test(module) && !type.includes('.'));
}
