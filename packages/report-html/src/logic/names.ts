/** "Shop.Cart+Line" without its namespace; generic arguments are shortened too. */
export function shortType(type: string): string {
  return type.replace(/(?:[\p{L}\p{N}_@$]+\.)+(?=[\p{L}_@$<])/gu, '');
}

export interface MethodName {
  /** "Shop.Page" */
  readonly owner: string;
  /** "LoadAsync" */
  readonly name: string;
  /** "(Int32)" */
  readonly parameters: string;
  /** What the compiler made of it: an async method's state machine, a lambda, a local function. */
  readonly mark: '' | 'async' | 'lambda' | 'local';
}

/**
 * A method as its author wrote it. The C# compiler turns async methods and iterators into classes "<Name>d__3" with a method
 * MoveNext, lambdas into "<Name>b__0_1", local functions into "<Name>g__Local|0_1".
 */
export function methodName(method: string): MethodName {
  // A program's top-level statements.
  if (/\.<Main>\$?(?:\(|$)/.test(method))
    return { owner: method.slice(0, method.indexOf('.<Main>')), name: 'Main', parameters: '', mark: '' };
  const open = method.indexOf('(', method.startsWith('(') ? 1 : 0);
  const path = open < 0 ? method : method.slice(0, open);
  const parameters = open < 0 ? '' : shortType(method.slice(open));
  const machine = /^(.*?)[+.](?:<>c(?:__DisplayClass\w+)?[+.])?<([^<>]+)>d__\d+(?:<.*>)?\.MoveNext$/.exec(path);
  if (machine) return { owner: machine[1] ?? '', name: machine[2] ?? '', parameters: '', mark: 'async' };
  const local = /^(.*?)(?:[+.]<>c(?:__DisplayClass\w+)?)?\.<([^<>]*)>g__([^|]+)\|.*$/.exec(path);
  if (local) return { owner: `${local[1]}.${local[2]}`, name: local[3] ?? '', parameters, mark: 'local' };
  const lambda = /^(.*?)(?:[+.]<>c(?:__DisplayClass\w+)?)?\.<([^<>]*)>b__[\w|]+$/.exec(path);
  if (lambda) return { owner: lambda[1] ?? '', name: lambda[2] ?? '', parameters: '', mark: 'lambda' };
  const dot = path.replace(/\.\.c?ctor$/, (end) => `.${'x'.repeat(end.length - 1)}`).lastIndexOf('.');
  return dot < 0
    ? { owner: '', name: path, parameters, mark: '' }
    : { owner: path.slice(0, dot), name: path.slice(dot + 1), parameters, mark: '' };
}

/** "Shop.Store.Open (Store.cs:42)" taken apart; the source is "" where it is not told. */
export function splitSource(frame: string): { readonly method: string; readonly source: string } {
  const found = /^(.+) \(([^()]+:\d+)\)$/.exec(frame);
  return found ? { method: found[1] ?? frame, source: found[2] ?? '' } : { method: frame, source: '' };
}

/** "3 captures" */
export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? singular : plural}`;
}

/** "12:04:33" of a time; the whole date where it matters is in its title. */
export function clock(time: string): string {
  return time.slice(11, 19);
}

export function percent(part: number, whole: number): string {
  if (whole <= 0) return '';
  const value = (part / whole) * 100;
  return value < 1 ? '<1 %' : `${Math.round(value)} %`;
}
