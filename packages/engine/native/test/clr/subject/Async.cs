using System;
using System.Threading;
using System.Threading.Tasks;

namespace Subject;

/// An async chain that never ends: what a hung test awaits.
internal static class Async
{
    private static readonly TaskCompletionSource<int> s_never = new();
    private static readonly SemaphoreSlim s_gate = new(0);
    private static Task? s_root, s_gateRoot, s_both;

    internal static void Start()
    {
        s_root = Checkout.RunAsync(s_never.Task);
        s_gateRoot = Gate.PassAsync(s_gate);
        s_both = Both.WaitForBothAsync();
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
