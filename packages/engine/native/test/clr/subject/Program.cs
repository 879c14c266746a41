using System;
using System.Threading;

namespace Subject;

/// Brings itself into a state the tests know by heart, prints what it allocated, then sleeps until its input ends.
internal static class Program
{
    private static void Main()
    {
        Heap.Build();
        Handles.Build();
        Collectible.Build();
        Threads.Start();
        Throwing.Start();
        Async.Start();
        // Everything above has reported that it stands where it will stay.
        Console.WriteLine($"fact pid {Environment.ProcessId}");
        Console.WriteLine($"fact runtime {Environment.Version}");
        Console.WriteLine($"fact mvid {typeof(Program).Module.ModuleVersionId}");
        Console.WriteLine("ready");
        Console.Out.Flush();
        MainWaits();
    }

    private static void MainWaits()
    {
        while (Console.In.ReadLine() is not null)
        {
        }
    }
}
