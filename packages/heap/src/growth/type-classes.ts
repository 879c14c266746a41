import { boxedStateMachine } from '@firstchance/model';

/**
 * Whose a type is, as far as naming what grows goes: a person looks for own types first, then for own async methods whose calls
 * have not ended, and for plumbing never.
 */
export type TypeClass = 'own' | 'async' | 'framework' | 'plumbing';

const FRAMEWORK = /^(System|Microsoft|Interop|Internal|mscorlib|netstandard|WindowsBase)(\.|$)/;
/** Collections, arrays, text, delegates, tasks, handles, boxed numbers: they grow with whatever really grows. */
const PLUMBING: readonly RegExp[] = [
  /\[[,*]*\]$/,
  /^System\.(String|Object|RuntimeType|Char|Boolean|S?Byte|U?Int(16|32|64|Ptr)|Double|Single|Decimal|Guid|DateTime(Offset)?|TimeSpan)$/,
  /^System\.Collections\./,
  /^System\.(Action|Func|Predicate|Comparison|Converter|EventHandler|AsyncCallback|Delegate|MulticastDelegate|Lazy)(`\d+)?(<|\+|$)/,
  /^System\..*(EventHandler|Callback)(<|$)/,
  /^System\.(WeakReference|Tuple|ValueTuple)(`\d+)?(<|$)/,
  /^System\.Threading\.Tasks\./,
  /^System\.Threading\.(ExecutionContext|AsyncLocalValueMap|Thread|SynchronizationContext|CancellationToken(Source|Registration)|Timer)/,
  /^System\.Runtime\./,
  /^System\.(Reflection|Linq)\./,
  /^Microsoft\.Win32\.SafeHandles\./,
];

/** "/app/Shop.dll" → "Shop" */
function moduleName(module: string): string {
  return module.replace(/^.*[\\/]/, '').replace(/\.(dll|exe)$/i, '');
}

export function typeClass(type: string, module: string): TypeClass {
  const machine = boxedStateMachine(type);
  if (machine !== undefined) return FRAMEWORK.test(machine) ? 'plumbing' : 'async';
  if (PLUMBING.some((pattern) => pattern.test(type))) return 'plumbing';
  return FRAMEWORK.test(type) || FRAMEWORK.test(moduleName(module)) ? 'framework' : 'own';
}

/** An assembly of .NET itself, by its name or path. */
export function isFrameworkModule(module: string): boolean {
  return FRAMEWORK.test(moduleName(module));
}

/** A class that holds any number of others. */
export function isCollection(type: string): boolean {
  return /^System\.Collections\./.test(type) && !isArrayName(type);
}

export function isArrayName(type: string): boolean {
  return /\[[,*]*\]$/.test(type);
}
