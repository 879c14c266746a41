using System;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Threading;
using System.Threading.Tasks;

namespace Lab;

public class OwnException(string message) : Exception(message)
{
    public class Nested(string message) : OwnException(message);
}

public class Generic<T>(string message) : Exception(message)
{
    public class Inner<TOther>(string message) : Exception(message);
}

[EventSource(Name = "xUnit.TestEventSource")]
public class TestEvents : EventSource
{
    public static readonly TestEvents Log = new();
    [Event(1)] public void TestStart(string name) => WriteEvent(1, name);
    [Event(2)] public void TestStop(string name, int result) => WriteEvent(2, name, result);
}

/// <summary>Does one thing named by its first argument; prints what it did, so that runs can be compared.</summary>
public static class Program
{
    [DllImport("libc")] private static extern int raise(int signal);
    [DllImport("libc")] private static extern unsafe void* memset(void* target, int value, nuint count);
    [DllImport("libc", EntryPoint = "abort")] private static extern void native_abort();

    public static unsafe int Main(string[] arguments)
    {
        var count = arguments.Length > 1 ? int.Parse(arguments[1]) : 1;
        switch (arguments[0])
        {
            case "hello": Console.WriteLine("hello"); return 0;
            case "kinds": Kinds(); return 0;
            case "loop": Loop(count); return 0;
            case "places": Places(count); return 0;
            case "rethrow": Rethrow(); return 0;
            case "await": AwaitThree().Wait(); return 0;
            case "wrappers": Wrappers(); return 0;
            case "talk": return Talk();
            case "garbage": return Garbage.Talk();
            case "allocating": return Allocating.Talk();
            case "native": return NativeMemory.Talk();
            case "tests": Tests(); return 0;
            case "collectible": Collectible(count); return 0;
            case "threads": Threads(count); return 0;
            case "gc": return Collecting(count);
            case "exit": Environment.Exit(7); return 0;
            case "main-returns": return 5;
            case "unhandled": Throw("nobody catches this"); return 0;
            case "unhandled-thread": new Thread(() => Throw("on a thread")).Start(); Thread.Sleep(-1); return 0;
            case "failfast": Caught("before"); Environment.FailFast("giving up"); return 0;
            case "failfast-with": try { Throw("cause"); } catch (Exception e) { Environment.FailFast("giving up", e); } return 0;
            case "overflow": Overflow(1); return 0;
            case "overflow-thread": new Thread(() => Overflow(1)).Start(); Thread.Sleep(-1); return 0;
            case "segv-native": memset((void*)0x100000, 1, 64); return 0;
            case "segv-raise": raise(11); return 0;
            case "segv-managed": *(int*)0x100000 = 1; return 0;
            case "abort-native": native_abort(); return 0;
            case "bench": Bench(count); return 0;
            default: return 64;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] private static void Throw(string message) => throw new OwnException(message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Caught(string message)
    {
        try { Throw(message); } catch (OwnException) { }
    }

    private static void Quiet(Action action)
    {
        try { action(); } catch (Exception e) { Console.WriteLine($"caught {e.GetType().Name}"); }
    }

    private static void Kinds()
    {
        Quiet(() => Throw("plain"));
        Quiet(() => throw new OwnException.Nested("nested"));
        Quiet(() => throw new Generic<string>("generic"));
        Quiet(() => throw new Generic<int[]>.Inner<Version>("two"));
        Quiet(() => throw new InvalidOperationException());
        Quiet(() => throw new OwnException(null));
        Quiet(() => File.ReadAllText("/nosuchfile"));
        Quiet(() => throw new ArgumentException("gr\u00fc\u00df \U0001F600", "name"));
        Quiet(() => { object o = null; o.ToString(); });
    }

    private static void Loop(int count)
    {
        for (var i = 0; i < count; i++) Caught("loop " + i);
        Console.WriteLine($"threw {count}");
    }

    private static void Places(int count)
    {
        for (var i = 0; i < count; i++)
        {
            try { throw new OwnException("here"); } catch (OwnException) { }
            try { throw new OwnException("there"); } catch (OwnException) { }
            Caught("below");
        }
        Console.WriteLine("done");
    }

    private static void Rethrow()
    {
        Quiet(() => { try { Throw("once"); } catch { throw; } });
        Quiet(() => { try { Throw("ex"); } catch (Exception e) { throw e; } });
        Quiet(() => { try { Throw("edi"); } catch (Exception e) { ExceptionDispatchInfo.Throw(e); } });
        Quiet(() => { try { Throw("inner"); } catch (Exception e) { throw new InvalidOperationException("outer", e); } });
    }

    private static async Task AwaitDeep() { await Task.Yield(); throw new OwnException("awaited"); }
    private static async Task AwaitTwo() { await AwaitDeep(); }
    private static async Task AwaitThree()
    {
        try { await AwaitTwo(); } catch (OwnException) { Console.WriteLine("caught"); }
    }

    private static class Initialized
    {
        public static readonly int Value = Fail();
        private static int Fail() { Throw("initializer"); return 1; }
    }

    private static void Target() => Throw("invoked");

    private static void Wrappers()
    {
        Quiet(() => typeof(Program).GetMethod(nameof(Target), BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, null));
        Quiet(() => Task.Run(() => Throw("task")).Wait());
        Quiet(() => GC.KeepAlive(Initialized.Value));
        Quiet(() => throw new AggregateException("own", new OwnException("never thrown")));
    }

    /// <summary>Reads lines: "throw TYPE MESSAGE", "count", "end"; answers each with a line.</summary>
    private static int Talk()
    {
        var thrown = 0;
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line && line != "end")
        {
            var words = line.Split(' ', 3);
            if (words[0] == "throw")
            {
                var type = Type.GetType(words[1])!;
                try { throw (Exception)Activator.CreateInstance(type, words[2])!; } catch (Exception) { thrown++; }
            }
            else if (words[0] == "main") return int.Parse(words[1]);
            Console.WriteLine($"thrown {thrown}");
        }
        return 0;
    }

    private static void Tests()
    {
        TestEvents.Log.TestStart("Suite.One");
        Caught("in one");
        TestEvents.Log.TestStop("Suite.One", 0);
        TestEvents.Log.TestStart("Suite.Two");
        var other = new Thread(() => Caught("two, other thread"));
        other.Start(); other.Join();
        TestEvents.Log.TestStart("Suite.Three");
        var third = new Thread(() => Caught("two or three"));
        third.Start(); third.Join();
        TestEvents.Log.TestStop("Suite.Three", 1);
        TestEvents.Log.TestStop("Suite.Two", 2);
        Caught("no test");
        Console.WriteLine("tested");
    }

    /// <summary>Loads this assembly again and again into contexts that are unloaded.</summary>
    private static void Collectible(int count)
    {
        for (var i = 0; i < count; i++)
        {
            LoadAndThrow(i);
            GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect();
        }
        Console.WriteLine("unloaded");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LoadAndThrow(int i)
    {
        var context = new AssemblyLoadContext("c" + i, isCollectible: true);
        var assembly = context.LoadFromAssemblyPath(typeof(Program).Assembly.Location);
        var name = i % 2 == 0 ? "Lab.OwnException" : "Lab.OwnException+Nested";
        var exception = (Exception)Activator.CreateInstance(assembly.GetType(name)!, "collectible " + i)!;
        try { throw exception; } catch (Exception) { }
        context.Unload();
    }

    private static void Threads(int count)
    {
        var threads = new Thread[8];
        for (var t = 0; t < threads.Length; t++)
        {
            threads[t] = new Thread(() => { for (var i = 0; i < count; i++) Caught("thread"); });
            threads[t].Start();
        }
        foreach (var thread in threads) thread.Join();
        Console.WriteLine("joined");
    }

    /// <summary>One thread collects all the time while another throws.</summary>
    private static int Collecting(int count)
    {
        var stop = false;
        var collector = new Thread(() => { while (!Volatile.Read(ref stop)) GC.Collect(0); });
        collector.Start();
        for (var i = 0; i < count; i++) Caught("gc " + i);
        Volatile.Write(ref stop, true);
        collector.Join();
        Console.WriteLine("collected");
        return 0;
    }

    private static int Overflow(int n) => Overflow(n + 1) + n;

    private static void Bench(int count)
    {
        Shallow(count / 10); Deep(count / 10);
        double best = double.MaxValue, bestDeep = double.MaxValue;
        for (var round = 0; round < 12; round++)
        {
            best = Math.Min(best, Time(() => Shallow(count), count));
            bestDeep = Math.Min(bestDeep, Time(() => Deep(count / 8), count / 8));
        }
        Console.WriteLine($"shallow {best:F0} ns, unwinding 50 frames {bestDeep:F0} ns");
    }

    private static double Time(Action action, int count)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    private static void Shallow(int count) { for (var i = 0; i < count; i++) Caught("a message of usual length, not matching"); }
    private static void Deep(int count)
    {
        for (var i = 0; i < count; i++) try { Descend(50); } catch (OwnException) { }
    }
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Descend(int n)
    {
        if (n == 0) Throw("a message of usual length, not matching");
        Descend(n - 1);
        GC.KeepAlive(n.GetType());
    }
}

/// <summary>Makes objects that only a finalizer can clean up, on demand.</summary>
internal static class Garbage
{
    private static readonly ManualResetEventSlim Blocked = new(true);
    private static int finalized;

    private sealed class Dropped(int left)
    {
        ~Dropped()
        {
            Blocked.Wait();
            Interlocked.Increment(ref finalized);
            // The next one becomes garbage only when this one's finalizer has run.
            if (left > 0) GC.KeepAlive(new Dropped(left - 1));
        }
    }

    public static int Talk()
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var count = words.Length > 1 ? int.Parse(words[1]) : 0;
            switch (words[0])
            {
                case "files": for (var i = 0; i < count; i++) OpenFile(); break;
                case "chain": Drop(count); break;
                case "block": Blocked.Reset(); break;
                case "unblock": Blocked.Set(); break;
                case "main": return count;
            }
            var files = Directory.GetFileSystemEntries("/proc/self/fd").Length;
            Console.WriteLine($"files {files} finalized {Volatile.Read(ref finalized)} "
                + $"collections {GC.CollectionCount(2)} bytes {GC.GetTotalMemory(false)}");
        }
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OpenFile() => GC.KeepAlive(File.OpenHandle("/dev/null"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(int left) => GC.KeepAlive(new Dropped(left));
}
