/** A method that allocates what grows, or calls one that does. */
export interface OwnerFrame {
  /** As the runtime names it: "Shop.Store+<OpenAsync>d__3.MoveNext". */
  readonly method: string;
  /** "Shop.dll"; "" where nobody knows it. */
  readonly module: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** Assemblies that are the platform or a test framework. */
const PLUMBING = /^(?:System|Microsoft|mscorlib|netstandard|WindowsBase|xunit|nunit|MSTest|testhost)\b/i;

export function isOwnFrame({ method, module }: Pick<OwnerFrame, 'method' | 'module'>): boolean {
  return method !== '' && !PLUMBING.test(module === '' ? method : module);
}

/**
 * The `owner` of a growth, newest first: "Shop.Store.OpenAsync (Store.cs:42)". An async method's state machine and the stub that
 * starts it are one.
 */
export function ownerTexts(frames: readonly OwnerFrame[]): string[] {
  return frames
    .filter(({ method }, index) => writtenName(method) !== writtenName(frames[index - 1]?.method ?? ''))
    .map(({ method, file, line }) => {
      const name = file?.split(/[\\/]/).at(-1);
      return `${writtenName(method)}${name === undefined || line === null ? '' : ` (${name}:${line})`}`;
    });
}

/**
 * A method as its author wrote it: the C# compiler turns async methods and iterators into classes "<Name>d__3" with a method
 * MoveNext, and puts lambdas into classes "<>c".
 */
export function writtenName(method: string): string {
  const machine = /^(.+?)\+(?:<>c(?:__DisplayClass\w+)?\+)?<(<[^<>]+>\w+|[^<>]+)>d(?:__\d+)?\.MoveNext$/.exec(method);
  if (machine) return `${machine[1]}.${machine[2]}`;
  return method.replace(/\+<>c(?:__DisplayClass\w+)?\./, '.');
}
