using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Subject;

/// Threads that stand in methods with known names. Optimised code would leave some of them out: tail calls, inlining.
internal static class Threads
{
    private static readonly object s_lock = new();

    internal static void Start()
    {
        using var holding = new ManualResetEventSlim(false);
        Run("holder", () => Holder.HoldLock(s_lock, holding));
        holding.Wait();
        Run("blocked on the lock", () => Blocked.EnterLock(s_lock, 42));
        Run("a generic one", () => Generic<Marker>.SleepIn(new Pair(), "text"));
        Run("spinner", Spinner.Spin);
    }

    internal static void Run(string name, ThreadStart body)
    {
        var thread = new Thread(body) { Name = name, IsBackground = true };
        thread.Start();
        if (name != "spinner")
        {
            while ((thread.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Sleep(1);
            }
        }
    }
}

internal static class Holder
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static void HoldLock(object gate, ManualResetEventSlim holding)
    {
        lock (gate)
        {
            holding.Set();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}

internal static class Blocked
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static int EnterLock(object gate, int value)
    {
        lock (gate)
        {
            return value + 1;
        }
    }
}

internal static class Generic<T>
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static void SleepIn<U>(U first, string second)
    {
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }
}

internal static class Spinner
{
    private static volatile bool s_stop = false;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static void Spin()
    {
        while (!s_stop)
        {
        }
    }
}
