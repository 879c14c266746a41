using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;

namespace Lab;

/// <summary>Allocates at three places, of which one keeps what it makes; on demand, so that a test can look in between.</summary>
internal static class Allocating
{
    [InlineArray(20)] public struct Lines { private long first; }
    /// <summary>176 bytes.</summary>
    public sealed class Order { public Lines Lines = default; }
    public sealed class Page<T> { public readonly T[] Items = new T[16]; }

    private static readonly List<object> Kept = [];
    private static volatile bool stop;

    [MethodImpl(MethodImplOptions.NoInlining)] private static object Priced() => new Order();
    [MethodImpl(MethodImplOptions.NoInlining)] private static object Printed() => new Order();
    [MethodImpl(MethodImplOptions.NoInlining)] private static object Subscribed() => new Order();
    [MethodImpl(MethodImplOptions.NoInlining)] private static object Paged() => new Page<Order>();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep()
    {
        Kept.Add(Subscribed());
        Kept.Add(Paged());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Work()
    {
        GC.KeepAlive(Priced());
        GC.KeepAlive(Printed());
        Keep();
    }

    /// <summary>Lines: "work COUNT"; "drop COUNT" of which nothing is kept; "forget" what was kept; "threads COUNT" that allocate, collect, throw and unload until "quiet"; "exit CODE"; "main CODE".</summary>
    public static int Talk()
    {
        var threads = new List<Thread>();
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var count = words.Length > 1 ? int.Parse(words[1]) : 0;
            switch (words[0])
            {
                case "work": for (var i = 0; i < count; i++) Work(); break;
                case "drop": for (var i = 0; i < count; i++) { GC.KeepAlive(Priced()); } break;
                case "forget": Kept.Clear(); break;
                case "large": for (var i = 0; i < count; i++) GC.KeepAlive(GC.AllocateUninitializedArray<byte>(80_000)); break;
                case "unload": for (var i = 0; i < count; i++) { Unload(4000); GC.Collect(); GC.WaitForPendingFinalizers(); } break;
                case "threads":
                    for (var i = 0; i < count; i++) { threads.Add(new Thread(Noise)); threads[^1].Start(i); }
                    break;
                case "quiet":
                    stop = true;
                    foreach (var thread in threads) thread.Join();
                    break;
                case "exit": Environment.Exit(count); break;
                case "main": return count;
            }
            Console.WriteLine($"kept {Kept.Count}");
        }
        return 0;
    }

    /// <summary>Allocates by code of this assembly in a context of its own, which is let go with its code and types.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Unload(int times)
    {
        var context = new AssemblyLoadContext("allocating", isCollectible: true);
        var type = context.LoadFromAssemblyPath(typeof(Allocating).Assembly.Location).GetType("Lab.Allocating")!;
        type.GetMethod("WorkHere", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [times]);
        context.Unload();
    }

    private static void WorkHere(int count) { for (var i = 0; i < count; i++) Work(); }

    private static void Noise(object number)
    {
        while (!stop)
        {
            for (var i = 0; i < 2000; i++) { GC.KeepAlive(Priced()); GC.KeepAlive(new string('x', 40)); GC.KeepAlive(new int[i % 64]); }
            if ((int)number % 3 == 0) GC.Collect((int)number % 2);
            if ((int)number == 4) { Unload(20); GC.Collect(); }
            try { throw new OwnException("noise"); } catch (OwnException) { }
        }
    }
}
