import type { Shape } from '../paths/shapes.ts';
import { isArrayName, isCollection, isInvocationList } from './type-classes.ts';

/** Ways in which memory is usually kept by mistake, and what usually helps. */
export const CURES = {
  'static-collection':
    'Remove what is done with from the collection, or let the collection live as long as one operation.',
  'event-handler': 'Unsubscribe (-=) when the subscriber is done; the publisher lives longer and keeps every handler.',
  'cancellation-registration':
    'Dispose the registration or the linked CancellationTokenSource; a token that lives long keeps every callback.',
  subscription:
    'Dispose what the subscription returned (Subscribe, OnChange, Register) when the subscriber is done; the source lives longer and keeps every one.',
  registered:
    'Dispose it when it is done: .NET itself keeps it in a list until then, as it does with sockets, listeners and meters.',
  timer:
    'Dispose the timer, or the CancellationTokenSource or delay that has it; while it is active the runtime keeps it and everything its callback refers to.',
  'task-continuation':
    'Complete or cancel the task that is waited for, or give the wait a limit; it keeps everything that continues after it.',
  'logging-scope':
    'Dispose what BeginScope returned (using): a scope that stays open is kept below each one that is opened after it.',
  semaphore:
    'Release the semaphore on every way out (try/finally), or give the wait a limit; each call that waits for it is kept until it is released.',
  'unbounded-cache':
    'Remove an entry when what it stands for is done; if it is a cache, give it a size limit or an expiry, and look whether its keys repeat at all.',
  'tracked-entities':
    'Make a DbContext for each operation (a scope, or IDbContextFactory) and dispose it: it keeps every entity it has read or saved. For what is only read, AsNoTracking; in one that must live long, ChangeTracker.Clear().',
  'service-scope':
    'Make the service in a scope of the operation (CreateScope) and dispose that; a scope keeps every disposable it made, and the root scope is disposed with the program.',
  'native-owner': 'Dispose the object (using); the native resource waits for the finalizer otherwise.',
  'loaded-assembly':
    'Use what made the assembly again (a serializer with options of its own, a compiled script, a generator of proxies), or load it into a collectible AssemblyLoadContext and unload that; others stay for good.',
  'interned-string': 'Do not intern text that comes from outside (string.Intern): it stays until the program ends.',
  handle:
    'Free the handle (GCHandle.Free, Dispose of what pinned or exported it); a handle keeps its object until then.',
  'thread-static': 'Clear the thread-static field or AsyncLocal when the operation ends; threads of the pool live on.',
  'async-local':
    'Set the AsyncLocal back (null, or what it was) when the operation ends: it is the value of a task, loop or timer that goes on; what must live long is best started under ExecutionContext.SuppressFlow.',
} as const satisfies Record<string, string>;
export type LeakPattern = keyof typeof CURES;

/** Types of .NET 8 to 10 which by themselves say what kind of thing keeps the object, tried on each step of a path. */
const TELLING: readonly (readonly [LeakPattern, RegExp])[] = [
  // A .gcdump writes nested types without the type they are in.
  [
    'cancellation-registration',
    /^(System\.Threading\.CancellationTokenSource\+)?(CallbackNode|Registrations|Linked\w*TokenSource)$/,
  ],
  [
    'timer',
    /^System\.Threading\.(TimerQueueTimer|TimerQueue|Timer|TimerHolder|PeriodicTimer(\+State)?)$|^System\.Timers\.Timer$/,
  ],
  [
    'subscription',
    /^Microsoft\.Extensions\.(Options\.OptionsMonitor(`\d+)?(<.*>)?\+ChangeTrackerDisposable|Primitives\.ChangeToken\+)|^System\.Diagnostics\.DiagnosticListener\+.*Subscription$/,
  ],
  ['event-handler', /EventHandler(`\d+)?(<.*>)?$|^System\.ComponentModel\.EventHandlerList(\+ListEntry)?$/],
  ['tracked-entities', /^Microsoft\.EntityFrameworkCore\.ChangeTracking\.Internal\.StateManager$/],
  ['unbounded-cache', /^Microsoft\.Extensions\.Caching\.|^System\.Runtime\.Caching\.|Cache(`\d+)?(<.*>)?$/],
  [
    'task-continuation',
    /^System\.Threading\.Tasks\.(TaskCompletionSource|\w*(TaskContinuation|ContinuationTask\w*|Promise)|Task\+\w*(Promise|Continuation)\w*)(`\d+)?(<.*>)?$/,
  ],
  ['logging-scope', /^Microsoft\.Extensions\.Logging\.Logger\w*ScopeProvider\+Scope$/],
  ['semaphore', /^System\.Threading\.SemaphoreSlim\+TaskNode$/],
  ['native-owner', /^Microsoft\.Win32\.SafeHandles\.|^System\.Runtime\.InteropServices\.SafeHandle$/],
];

/** What keeps its objects in a collection, which then is the one that grows. */
const COLLECTING: ReadonlySet<LeakPattern> = new Set(['tracked-entities', 'unbounded-cache']);

const MAP =
  /^System\.Collections\.(Generic\.(Dictionary|SortedDictionary|SortedList)|Concurrent\.ConcurrentDictionary|Hashtable|Immutable\.ImmutableDictionary|Frozen\.FrozenDictionary)(`\d+)?(<|\+|$)/;
const SCOPE = /(^|\.)ServiceProviderEngineScope$/;
/** Assemblies made at run time (Reflection.Emit) as well: proxies, mocks. */
const LOADED =
  /^System\.(Reflection\.(RuntimeAssembly|Emit\.\w*(Assembly|Module)Builder)|Runtime\.Loader\.\w*AssemblyLoadContext)$/;
/** Values that flow with an execution context: one of several, or the map's own dictionary when they are many. */
const ASYNC_LOCAL = /^(System\.Threading\.AsyncLocalValueMap\+)?\w+ElementAsyncLocalValueMap$/;
const STATE_MACHINE =
  /^System\.Runtime\.CompilerServices\.Async\w*MethodBuilder.*\+(AsyncStateMachineBox|DebugFinalizable)/;

/**
 * What keeps the objects of a path, judged by the types on it: the telling type nearest to the object decides, then the kind of
 * the collection, then the kind of the root. Null when nothing is telling. The path ends with the object's own type.
 * @param keeper place in the path of an object that lives long and does not grow (keeper.ts). By which timer or task such an object
 *   is reached says nothing about what hangs on it: it is looked at as a static is.
 * @param flows place of an execution context of which there is one more for each object: what flows with it is kept by what keeps it
 * @param container the collection that is known to have grown: what stands above it, like the task that the program itself is, does
 *   not keep more than it did
 */
export function recognisePattern(
  path: Pick<Shape, 'root' | 'rootKind' | 'types'>,
  {
    keeper,
    flows,
    container = null,
  }: {
    readonly keeper?: number | undefined;
    readonly flows?: number | undefined;
    readonly container?: string | null;
  } = {},
): LeakPattern | null {
  // Its list of disposables, and the object in it.
  if (SCOPE.test(path.types.at(-4) ?? '') && path.types.at(-2) === 'System.Object[]') return 'service-scope';
  if (LOADED.test(path.types.at(-1) ?? '')) return 'loaded-assembly';
  if (/handle$/.test(path.rootKind) && path.types.join() === 'System.Object[],System.String') return 'interned-string';
  const types = path.types.slice(keeper ?? 0, flows === undefined ? undefined : flows + 1);
  const rootKind = keeper === undefined ? path.rootKind : 'static';
  const grown = container !== null && isCollection(container) ? types.lastIndexOf(container) : -1;
  for (let step = types.length - 1; step >= 0; step--) {
    const type = types[step] ?? '';
    const telling = TELLING.find(([, pattern]) => pattern.test(type))?.[0];
    if (telling !== undefined && (step > grown || COLLECTING.has(telling))) return telling;
    if (step > grown && isInvocationList(types, step - 1)) return 'event-handler';
  }
  const holder = types.slice(0, -1);
  // A list of the platform's: nobody removes from that by himself.
  const platforms = keeper === undefined && /^static (System|Microsoft|Interop|Internal)\./.test(path.root);
  // Or each keeps the next: then only the first of them hangs on the platform's field.
  if (
    platforms &&
    (holder.length === 0 || holder.some((type) => MAP.test(type) || isCollection(type) || isArrayName(type)))
  )
    return 'registered';
  if (grown >= 0) return MAP.test(types[grown] ?? '') ? 'unbounded-cache' : 'static-collection';
  if (rootKind === 'finalizer queue') return 'native-owner';
  if (rootKind === 'static' || rootKind === 'thread static') {
    if (holder.some((type) => MAP.test(type))) return 'unbounded-cache';
    if (holder.some((type) => isCollection(type) || isArrayName(type))) return 'static-collection';
  }
  // It is not the task that grows: it goes on, rightly, and what was put beside it stays.
  if (holder.some((type) => ASYNC_LOCAL.test(type))) return 'async-local';
  if (types.some((type) => STATE_MACHINE.test(type))) return 'task-continuation';
  if (rootKind === 'thread static') return 'thread-static';
  // Statics without a name hang on a handle too: they are arrays of objects.
  if (/handle$/.test(rootKind)) return types[0] === 'System.Object[]' ? collectionBelow(types) : 'handle';
  return null;
}

function collectionBelow(types: readonly string[]): LeakPattern | null {
  const holder = types.slice(1, -1);
  if (holder.some((type) => MAP.test(type))) return 'unbounded-cache';
  return holder.some((type) => isCollection(type) || isArrayName(type)) ? 'static-collection' : null;
}
