using System;
using System.Threading;

namespace Subject;

/// Threads that stand in methods with known names.
internal static class Threads
{
    private static readonly object s_lock = new();
    private static readonly ManualResetEventSlim s_never = new(false);

    internal static void Start()
    {
        using var holding = new ManualResetEventSlim(false);
        Run("holder", () => Holder.HoldLock(s_lock, holding));
        holding.Wait();
        Run("blocked on the lock", () => Blocked.EnterLock(s_lock, 42));
        Run("a generic one", () => Generic<Marker>.SleepIn(new Pair(), "text"));
        Run("spinner", Spinner.Spin);
        // A thread that has not been started yet is known to the runtime too.
        new Thread(() => { }).UnsafeStart();
        UntilWaiting("holder");
    }

    internal static void Run(string name, ThreadStart body)
    {
        var thread = new Thread(body) { Name = name, IsBackground = true };
        thread.Start();
        if (name != "spinner" && name != "holder")
        {
            while ((thread.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Sleep(1);
            }
        }
    }

    private static void UntilWaiting(string _) => s_never.Wait(1);
}

internal static class Holder
{
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
    internal static void SleepIn<U>(U first, string second)
    {
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }
}

internal static class Spinner
{
    private static volatile bool s_stop;

    internal static void Spin()
    {
        while (!s_stop)
        {
        }
    }
}
