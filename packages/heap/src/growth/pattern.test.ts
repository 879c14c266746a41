import { describe, expect, it } from 'vitest';
import type { RootKind } from '../graph/heap.ts';
import { CURES, type LeakPattern, recognisePattern } from './pattern.ts';
import { typeClass } from './type-classes.ts';

const G = 'System.Collections.Generic';
const C = 'System.Collections.Concurrent';
const T = 'System.Threading';

/** Paths as .NET 8 to 10 have them. */
const CASES: readonly (readonly [LeakPattern | null, RootKind, readonly string[]])[] = [
  [
    'cancellation-registration',
    'static',
    [`${T}.CancellationTokenSource`, 'Registrations', 'CallbackNode', 'System.Action', 'Shop.Canceller'],
  ],
  ['static-collection', 'static', [`${G}.List<Shop.Session>`, 'Shop.Session[]', 'Shop.Session']],
  [
    'static-collection',
    'static',
    [
      `${C}.ConcurrentBag<Shop.Session>`,
      `${C}.ConcurrentBag<Shop.Session>+WorkStealingQueue`,
      'Shop.Session[]',
      'Shop.Session',
    ],
  ],
  ['static-collection', 'static', [`${G}.LinkedList<Shop.A>`, `${G}.LinkedListNode<Shop.A>`, 'Shop.A']],
  ['static-collection', 'pinned handle', ['System.Object[]', `${G}.Queue<Shop.Job>`, 'Shop.Job[]', 'Shop.Job']],
  [
    'event-handler',
    'static',
    ['Shop.Bus', 'System.EventHandler', 'System.Object[]', 'System.EventHandler', 'Shop.Subscriber'],
  ],
  [
    'event-handler',
    'static',
    ['System.EventHandler<Shop.Args>', 'System.Object[]', 'System.EventHandler<Shop.Args>', 'Shop.Subscriber'],
  ],
  ['event-handler', 'static', ['System.Action', 'System.Object[]', 'System.Action', 'Shop.View']],
  ['event-handler', 'static', ['Shop.PriceChanged', 'System.Object[]', 'Shop.PriceChanged', 'Shop.View']],
  ['static-collection', 'static', [`${G}.List<Shop.A>`, 'System.Object[]', `${G}.List<Shop.A>`, 'Shop.A']],
  [
    'logging-scope',
    'static',
    [
      `${T}.Tasks.TaskCompletionSource`,
      `${T}.ExecutionContext`,
      `${T}.AsyncLocalValueMap+OneElementAsyncLocalValueMap`,
      'Microsoft.Extensions.Logging.LoggerFactoryScopeProvider+Scope',
      'Shop.ImportScope',
    ],
  ],
  ['semaphore', 'static', [`${T}.SemaphoreSlim`, `${T}.SemaphoreSlim+TaskNode`, 'Shop.Refresh']],
  ['event-handler', 'static', ['Shop.Model', 'System.ComponentModel.PropertyChangedEventHandler', 'Shop.View']],
  [
    'cancellation-registration',
    'static',
    [
      `${T}.CancellationTokenSource`,
      `${T}.CancellationTokenSource+Registrations`,
      `${T}.CancellationTokenSource+CallbackNode`,
      'System.Action<System.Object>',
      'Shop.Worker',
    ],
  ],
  [
    'cancellation-registration',
    'static',
    [
      `${T}.CancellationTokenSource`,
      `${T}.CancellationTokenSource+Registrations`,
      `${T}.CancellationTokenSource+CallbackNode`,
      `${T}.CancellationTokenSource+Linked1CancellationTokenSource`,
    ],
  ],
  [
    'timer',
    'static',
    [`${T}.TimerQueue[]`, `${T}.TimerQueue`, `${T}.TimerQueueTimer`, `${T}.TimerCallback`, 'Shop.Poller'],
  ],
  ['timer', 'strong handle', [`${T}.TimerQueueTimer`, `${T}.TimerHolder`, 'Shop.Poller']],
  ['timer', 'static', ['System.Timers.Timer', 'System.Timers.ElapsedTimer', 'Shop.Poller']],
  ['task-continuation', 'static', [`${T}.Tasks.Task`, `${T}.Tasks.StandardTaskContinuation`, 'Shop.Step']],
  [
    'task-continuation',
    'static',
    [`${T}.Tasks.TaskCompletionSource<System.Int32>`, `${T}.Tasks.Task<System.Int32>`, 'Shop.Step'],
  ],
  [
    'task-continuation',
    'stack',
    [
      'System.Runtime.CompilerServices.AsyncTaskMethodBuilder<System.Threading.Tasks.VoidTaskResult>+AsyncStateMachineBox<Shop.Program+<RunAsync>d__1>',
      'Shop.Step',
    ],
  ],
  [
    'service-scope',
    'static',
    [
      'Shop.Program',
      'Microsoft.Extensions.DependencyInjection.ServiceLookup.ServiceProviderEngineScope',
      `${G}.List<System.Object>`,
      'System.Object[]',
      'Shop.Unit',
    ],
  ],
  [
    'static-collection',
    'static',
    [
      'Microsoft.Extensions.DependencyInjection.ServiceLookup.ServiceProviderEngineScope',
      `${G}.List<System.Object>`,
      'System.Object[]',
      'Shop.Queue',
      `${G}.List<Shop.Job>`,
      'Shop.Job[]',
      'Shop.Job',
    ],
  ],
  [
    'unbounded-cache',
    'static',
    [
      `${C}.ConcurrentDictionary<System.String,Shop.Page>`,
      `${C}.ConcurrentDictionary<System.String,Shop.Page>+Tables`,
      `${C}.ConcurrentDictionary<System.String,Shop.Page>+VolatileNode[]`,
      `${C}.ConcurrentDictionary<System.String,Shop.Page>+Node`,
      'Shop.Page',
    ],
  ],
  [
    'unbounded-cache',
    'static',
    [`${G}.Dictionary<System.String,Shop.Page>`, `${G}.Dictionary<System.String,Shop.Page>+Entry[]`, 'Shop.Page'],
  ],
  [
    'unbounded-cache',
    'static',
    ['Microsoft.Extensions.Caching.Memory.MemoryCache', 'Microsoft.Extensions.Caching.Memory.CacheEntry', 'Shop.Page'],
  ],
  [
    'unbounded-cache',
    'pinned handle',
    [
      'System.Object[]',
      `${G}.Dictionary<System.Int32,Shop.Page>`,
      `${G}.Dictionary<System.Int32,Shop.Page>+Entry[]`,
      'Shop.Page',
    ],
  ],
  [
    'subscription',
    'static',
    [
      'System.Action<Shop.Options,System.String>',
      'System.Object[]',
      'System.Action<Shop.Options,System.String>',
      'Microsoft.Extensions.Options.OptionsMonitor<Shop.Options>+ChangeTrackerDisposable',
      'System.Action<Shop.Options,System.String>',
      'Shop.Calculator',
    ],
  ],
  [
    'subscription',
    'static',
    [
      'System.Diagnostics.DiagnosticListener+AllListenerObservable',
      'System.Diagnostics.DiagnosticListener+AllListenerObservable+AllListenerSubscription',
      'Shop.Observer',
    ],
  ],
  ['loaded-assembly', 'strong handle', ['System.Object[]', 'System.Reflection.RuntimeAssembly']],
  ['loaded-assembly', 'strong handle', ['System.Runtime.Loader.AssemblyLoadContext']],
  [
    'loaded-assembly',
    'static',
    [
      `${G}.Dictionary<System.Reflection.Assembly, System.Boolean>`,
      `${G}.Dictionary<System.Reflection.Assembly, System.Boolean>+Entry[]`,
      'System.Reflection.Emit.RuntimeAssemblyBuilder',
    ],
  ],
  [
    'tracked-entities',
    'static',
    [
      'Shop.OrderContext',
      'Microsoft.EntityFrameworkCore.ChangeTracking.Internal.StateManager',
      `${G}.Dictionary<System.Object,Entry>`,
      'Entry[]',
      'Shop.Order',
    ],
  ],
  ['interned-string', 'strong handle', ['System.Object[]', 'System.String']],
  ['native-owner', 'finalizer queue', ['Shop.NativeBuffer']],
  ['native-owner', 'static', ['Shop.Files', 'Microsoft.Win32.SafeHandles.SafeFileHandle']],
  ['handle', 'strong handle', ['Shop.Callback']],
  ['handle', 'pinned handle', ['System.Byte[]']],
  ['handle', 'reference-counted handle', ['Shop.ComObject']],
  ['thread-static', 'thread static', ['Shop.Scope', 'Shop.Frame']],
  // A loop that goes on, and what each of its turns leaves in an AsyncLocal.
  [
    'async-local',
    'strong handle',
    [
      'Shop.Inbox',
      'System.Threading.Channels.UnboundedChannel<System.String>',
      'System.Runtime.CompilerServices.AsyncTaskMethodBuilder<Shop.None>+AsyncStateMachineBox<Shop.Loop>',
      `${T}.ExecutionContext`,
      `${T}.AsyncLocalValueMap+OneElementAsyncLocalValueMap`,
      'Shop.Breadcrumb',
    ],
  ],
  // Each operation has its own: then what keeps the context is to blame.
  [
    'cancellation-registration',
    'static',
    [
      `${T}.CancellationTokenSource`,
      'Registrations',
      'CallbackNode',
      `${T}.ExecutionContext`,
      `${T}.AsyncLocalValueMap+TwoElementAsyncLocalValueMap`,
      'Shop.Breadcrumb',
    ],
  ],
  [null, 'stack', ['Shop.Worker', `${G}.List<Shop.Session>`, 'Shop.Session[]', 'Shop.Session']],
  [null, 'static', ['Shop.Config', 'Shop.Part']],
];

describe('patterns', () => {
  it.each(CASES)('%s: from a %s by %j', (expected, rootKind, types) => {
    const root = /static$/.test(rootKind) ? `${rootKind} Shop.Store.s_all` : rootKind;
    expect(recognisePattern({ root, rootKind, types })).toBe(expected);
  });

  const host = ['System.Threading.TimerQueueTimer', `${T}.Tasks.Task+UnwrapPromise<Shop.None>`, 'Shop.Host'];
  const desk = ['Shop.Desk', `${C}.ConcurrentDictionary<System.String,Shop.Order>`, 'Shop.Order'];
  it.each([
    ['unbounded-cache', [...host, ...desk]],
    ['static-collection', [...host, 'Shop.Desk', `${G}.Queue<Shop.Order>`, 'Shop.Order[]', 'Shop.Order']],
    [
      'event-handler',
      [...host, 'Shop.Desk', 'System.EventHandler', 'System.Object[]', 'System.EventHandler', 'Shop.View'],
    ],
    [null, [...host, 'Shop.Desk', 'Shop.Order']],
  ])('%s, whatever timer or task the service is reached by: %j', (expected, types) => {
    const path = { root: `static ${T}.TimerQueue.<Instances>k__BackingField`, rootKind: 'static' as const, types };
    expect(recognisePattern(path, { keeper: host.length })).toBe(expected);
  });

  it('is no collection of the program where the list is the platform’s own', () => {
    const types = [`${G}.List<System.Diagnostics.Metrics.Meter>`, 'System.Diagnostics.Metrics.Meter[]', 'Shop.Meter'];
    const path = { root: 'static System.Diagnostics.Metrics.Meter.s_allMeters', rootKind: 'static' as const, types };
    expect(recognisePattern(path)).toBe('registered');
    expect(recognisePattern({ ...path, root: 'static Shop.Meters.s_all' })).toBe('static-collection');
    const root = 'static System.Diagnostics.Tracing.EventListener.s_Listeners';
    expect(recognisePattern({ root, rootKind: 'static', types: ['Shop.Listener'] })).toBe('registered');
  });

  describe('below what the program itself runs in', () => {
    const main = [
      `${T}.Tasks.Task+DelayPromiseWithCancellation`,
      'Microsoft.AspNetCore.Builder.WebApplication',
      'System.Func<System.Int32>',
      'Shop.Program+<>c__DisplayClass0_0',
    ];
    const map = `${C}.ConcurrentDictionary<System.String,Shop.Page>`;
    const list = `${G}.List<Shop.Page>`;

    it.each<[LeakPattern | null, readonly string[], string | null]>([
      ['unbounded-cache', [...main, map, `${map}+Tables`, `${map}+VolatileNode[]`, `${map}+Node`, 'Shop.Page'], map],
      ['static-collection', [...main, list, 'Shop.Page[]', 'Shop.Page'], list],
      ['unbounded-cache', [...main, 'Shop.PageCache', list, 'Shop.Page[]', 'Shop.Page'], list],
      // What is nearer to the object than the collection that grew still decides.
      ['task-continuation', [...main, list, 'Shop.Page[]', `${T}.Tasks.TaskCompletionSource`, 'Shop.Page'], list],
      ['task-continuation', [...main, list, 'Shop.Page[]', 'Shop.Page'], null],
      [
        'tracked-entities',
        [
          'Shop.OrderContext',
          'Microsoft.EntityFrameworkCore.ChangeTracking.Internal.StateManager',
          `${G}.Dictionary<System.Object,Entry>`,
          'Entry[]',
          'Shop.Order',
        ],
        `${G}.Dictionary<System.Object,Entry>`,
      ],
    ])('%s: of a collection that grew', (expected, types, container) => {
      expect(recognisePattern({ root: 'static Shop.All.s_all', rootKind: 'static', types }, { container })).toBe(
        expected,
      );
    });
  });

  it('all have a case here, and one sentence of advice', () => {
    const named = [...CASES.flatMap(([pattern]) => pattern ?? []), 'registered'];
    expect(new Set(named)).toEqual(new Set(Object.keys(CURES)));
    for (const cure of Object.values(CURES)) expect(cure).toMatch(/^[A-Z][^\n]*\.$/);
  });
});

describe('classes of types', () => {
  it.each([
    ['own', 'Shop.Session', 'Shop.dll'],
    ['own', 'Shop.Cart+<>c__DisplayClass1_0', '/app/Shop.dll'],
    ['own', 'SystemsBiology.Cell', 'SystemsBiology.dll'],
    ['framework', 'System.Net.Http.HttpClient', 'System.Net.Http.dll'],
    ['framework', 'Microsoft.AspNetCore.Http.DefaultHttpContext', 'Microsoft.AspNetCore.Http.dll'],
    ['framework', 'System.Reflection.Emit.DynamicMethod', 'System.Private.CoreLib.dll'],
    ['framework', 'System.Reflection.RuntimeAssembly', 'System.Private.CoreLib.dll'],
    ['framework', 'System.Runtime.Loader.AssemblyLoadContext', 'System.Private.CoreLib.dll'],
    ['framework', `${T}.CancellationTokenSource+Linked1CancellationTokenSource`, 'System.Private.CoreLib.dll'],
    ['plumbing', `${T}.CancellationTokenSource+CallbackNode`, 'System.Private.CoreLib.dll'],
    ['plumbing', 'System.Reflection.RuntimeModule', 'System.Private.CoreLib.dll'],
    ['plumbing', 'Shop.Session[]', 'Shop.dll'],
    ['plumbing', `${G}.List<Shop.Session>`, 'System.Private.CoreLib.dll'],
    ['plumbing', `${G}.Dictionary<System.String,Shop.Page>+Entry[]`, 'System.Private.CoreLib.dll'],
    ['plumbing', 'System.String', 'System.Private.CoreLib.dll'],
    ['plumbing', 'System.EventHandler<Shop.Args>', 'System.Private.CoreLib.dll'],
    ['plumbing', 'System.Threading.Tasks.Task<Shop.Page>', 'System.Private.CoreLib.dll'],
    ['framework', 'System.Threading.Tasks.TaskCompletionSource<Shop.Page>', 'System.Private.CoreLib.dll'],
    ['plumbing', `${T}.Channels.WaitingReadAsyncOperation`, 'System.Threading.Channels.dll'],
    ['framework', `${T}.Channels.UnboundedChannel<Shop.Page>`, 'System.Threading.Channels.dll'],
    ['plumbing', 'System.Threading.TimerQueueTimer', 'System.Private.CoreLib.dll'],
    ['plumbing', 'System.WeakReference<Shop.Page>', 'System.Private.CoreLib.dll'],
  ])('%s: %s', (expected, type, module) => {
    expect(typeClass(type, module)).toBe(expected);
  });
});
