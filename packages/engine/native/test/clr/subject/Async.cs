using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Subject;

/// An async chain that never ends: what a hung test awaits.
internal static class Async
{
    private static readonly TaskCompletionSource<int> s_never = new();
    private static readonly SemaphoreSlim s_gate = new(0);
    private static Task? s_root, s_gateRoot, s_both, s_stream, s_invoked;

    internal static void Start()
    {
        s_root = Checkout.RunAsync(s_never.Task);
        s_gateRoot = Gate.PassAsync(s_gate);
        s_both = Both.WaitForBothAsync();
        s_stream = Stream.SumAsync(s_never.Task);
        s_invoked = Invoked.InvokeAsync(s_never.Task);
        _ = Done().GetAwaiter().GetResult();
    }

    private static async Task<int> Done()
    {
        await Task.Yield();
        return 1;
    }
}

internal static class Checkout
{
    internal static async Task RunAsync(Task<int> never)
    {
        string text = await LoadAsync(never, 3);
        GC.KeepAlive(text);
    }

    private static async Task<string> LoadAsync(Task<int> never, int retries)
    {
        await Task.Yield();
        int value = await FetchAsync<Marker>(never).ConfigureAwait(false);
        return value.ToString() + retries;
    }

    private static async ValueTask<int> FetchAsync<T>(Task<int> never) => await never;
}

internal static class Gate
{
    internal static async Task PassAsync(SemaphoreSlim gate) => await gate.WaitAsync();
}

internal static class Both
{
    private static readonly TaskCompletionSource s_never = new();

    internal static async Task WaitForBothAsync() => await Task.WhenAll(LeftAsync(), RightAsync());

    private static async Task LeftAsync() => await s_never.Task;

    private static async Task RightAsync() => await Task.Delay(Timeout.Infinite);
}

/// Who enumerates waits for the iterator's state machine, which is no task.
internal static class Stream
{
    internal static async Task SumAsync(Task<int> never)
    {
        int sum = 0;
        await foreach (int item in ItemsAsync(never))
        {
            sum += item;
        }
        GC.KeepAlive(sum);
    }

    private static async IAsyncEnumerable<int> ItemsAsync(Task<int> never)
    {
        yield return 1;
        yield return await never;
    }
}

/// Awaits as ASP.NET Core's ObjectMethodExecutor does: the awaiter of the method is boxed, and delegates call it.
internal static class Invoked
{
    internal static async Task InvokeAsync(Task<int> never) => await new Awaitable(ActionAsync(never).GetAwaiter());

    private static async Task<int> ActionAsync(Task<int> never) => await never;

    private readonly struct Awaitable(object awaiter)
    {
        public Awaiter GetAwaiter() => new(awaiter, static (one, then) => ((ICriticalNotifyCompletion)one).UnsafeOnCompleted(then));
    }

    private readonly struct Awaiter(object awaiter, Action<object, Action> onCompleted) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => onCompleted(awaiter, continuation);

        public void UnsafeOnCompleted(Action continuation) => onCompleted(awaiter, continuation);
    }
}
