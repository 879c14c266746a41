import { boxedStateMachine } from '@firstchance/model';
import { isFrameworkModule, isFrameworkName } from './framework.ts';

/**
 * Whose a type is, as far as naming what grows goes: a person looks for own types first, then for own async methods whose calls
 * have not ended, and for plumbing never.
 */
export type TypeClass = 'own' | 'async' | 'framework' | 'plumbing';

/** Collections, arrays, text, delegates, tasks, handles, boxed numbers: they grow with whatever really grows. */
const PLUMBING: readonly RegExp[] = [
  /\[[,*]*\]$/,
  /^System\.(String|Object|RuntimeType|Char|Boolean|S?Byte|U?Int(16|32|64|Ptr)|Double|Single|Decimal|Guid|DateTime(Offset)?|TimeSpan)$/,
  /^System\.Collections\./,
  /^System\.(Action|Func|Predicate|Comparison|Converter|EventHandler|AsyncCallback|Delegate|MulticastDelegate|Lazy)(`\d+)?(<|\+|$)/,
  /^System\..*(EventHandler|Callback)(<|$)/,
  /^System\.(WeakReference|Tuple|ValueTuple)(`\d+)?(<|$)/,
  // What waits at a channel, not the channel.
  /^System\.Threading\.Channels\.\w*AsyncOperation/,
  // Not the source of a task: a program makes one itself, and has to complete it.
  /^System\.Threading\.Tasks\.(?!TaskCompletionSource)/,
  // Not linked sources: who makes one disposes it.
  /^System\.Threading\.(ExecutionContext|AsyncLocalValueMap|Thread|SynchronizationContext|CancellationToken(Source(?!\+Linked)|Registration)|Timer)/,
  /^System\.Runtime\.(?!Loader\.)/,
  /^System\.(Reflection(?!\.(Emit\.|RuntimeAssembly$))|Linq)\./,
  /^Microsoft\.Win32\.SafeHandles\./,
];

export function typeClass(type: string, module: string): TypeClass {
  const machine = boxedStateMachine(type);
  if (machine !== undefined) return isFrameworkName(machine) ? 'plumbing' : 'async';
  if (PLUMBING.some((pattern) => pattern.test(type))) return 'plumbing';
  return isFrameworkName(type) || isFrameworkModule(module) ? 'framework' : 'own';
}

/** A class that holds any number of others. */
export function isCollection(type: string): boolean {
  return /^System\.Collections\./.test(type) && !isArrayName(type);
}

export function isArrayName(type: string): boolean {
  return /\[[,*]*\]$/.test(type);
}

/** A multicast delegate keeps its parts, which are of its own type, in an array of objects. */
export function isInvocationList(types: readonly string[], step: number): boolean {
  const above = types[step - 1] ?? '';
  return types[step] === 'System.Object[]' && above === types[step + 1] && !isCollection(above) && !isArrayName(above);
}
