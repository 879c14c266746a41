const FRAMEWORK = /^(System|Microsoft|Interop|Internal|mscorlib|netstandard|WindowsBase)(\.|$)/;

/** A type of .NET itself, by its name. */
export function isFrameworkName(type: string): boolean {
  return FRAMEWORK.test(type);
}

/** An assembly of .NET itself, by its name or path: "/app/Shop.dll" is "Shop". */
export function isFrameworkModule(module: string): boolean {
  return FRAMEWORK.test(module.replace(/^.*[\\/]/, '').replace(/\.(dll|exe)$/i, ''));
}
