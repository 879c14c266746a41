export const frame = (method: string, module: string, file: string | null = null, line: number | null = null) => ({
  ...{ method, module, ilOffset: 12, file, line },
});
export const platform = (method: string) => frame(method, 'System.Private.CoreLib.dll');

export const THROWS = [
  platform('System.Collections.Generic.Dictionary<System.String,Shop.Order>.get_Item(System.String)'),
  frame('Shop.Orders.Find(System.String)', 'Shop.dll', '/src/Shop/Orders.cs', 88),
  frame('Shop.Checkout+<PayAsync>d__7.MoveNext()', 'Shop.dll', '/src/Shop/Checkout.cs', 41),
  platform(
    'System.Runtime.CompilerServices.AsyncMethodBuilderCore.Start<Shop.Checkout+<PayAsync>d__7>(Shop.Checkout+<PayAsync>d__7&)',
  ),
  frame(
    'Shop.Checkout.PayAsync(Shop.Cart,System.Threading.CancellationToken)',
    'Shop.dll',
    '/src/Shop/Checkout.cs',
    30,
  ),
  frame(
    'Shop.Tests.CheckoutTests+<>c.<An_order_is_paid_once>b__4_0()',
    'Shop.Tests.dll',
    '/src/Shop.Tests/CheckoutTests.cs',
    52,
  ),
  platform('System.Threading.Tasks.Task.InnerInvoke()'),
  platform(
    'System.Threading.ExecutionContext.RunInternal(System.Threading.ExecutionContext,System.Threading.ContextCallback,System.Object)',
  ),
  platform('System.Threading.Tasks.Task.ExecuteWithThreadLocal(System.Threading.Tasks.Task&,System.Threading.Thread)'),
  platform('System.Threading.ThreadPoolWorkQueue.Dispatch()'),
];
export const WAITS = [
  platform(
    'System.Threading.WaitHandle.WaitOneNoCheck(System.Int32,System.Boolean,System.Object,System.Threading.NativeRuntimeEventSource+WaitHandleWaitSourceMap)',
  ),
  platform('System.Threading.PortableThreadPool+WorkerThread.WorkerThreadStart()'),
];
export const BLOCKED = [
  platform('System.Threading.Monitor.Enter(System.Object,System.Boolean&)'),
  frame('Shop.Stock.Reserve(System.Int32)', 'Shop.dll', '/src/Shop/Stock.cs', 19),
  frame('Shop.Worker.Loop()', 'Shop.dll', '/src/Shop/Worker.cs', 73),
  platform('System.Threading.Thread.StartCallback()'),
];
