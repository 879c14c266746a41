using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Marks;

/// Threads that hold objects in thread statics and on their stacks.
internal static class Threads
{
    private const int Count = 8;
    [ThreadStatic] private static ThreadStaticMark? t_mark;
    [ThreadStatic] private static object? t_marks;
    private static readonly ManualResetEvent s_end = new(false);

    internal static void Build()
    {
        using var up = new CountdownEvent(Count);
        var threads = new Thread[Count];
        for (int i = 0; i < Count; i++)
        {
            threads[i] = new Thread(() => Hold(up)) { Name = "holder " + i };
            threads[i].Start();
        }
        up.Wait();
        foreach (Thread thread in threads)
        {
            // What a frame holds is known at its calls only: a thread on its way to the wait would seem to hold nothing.
            SpinWait.SpinUntil(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0);
        }
        Store.Truth("Marks.ThreadStaticMark", Count * 3);
        Store.Truth("Marks.StackMark", Count * 5);
    }

    internal static void End() => s_end.Set();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Hold(CountdownEvent up)
    {
        t_mark = new ThreadStaticMark();
        t_marks = new[] { new ThreadStaticMark(), new ThreadStaticMark() };
        var mark = new StackMark();
        StackMark[] marks = { new(), new(), new(), new() };
        up.Signal();
        s_end.WaitOne();
        GC.KeepAlive(mark);
        GC.KeepAlive(marks);
        GC.KeepAlive(t_mark);
        GC.KeepAlive(t_marks);
    }
}
