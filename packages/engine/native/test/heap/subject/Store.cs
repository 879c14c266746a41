using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Marks;

internal sealed class ListNode { public ListNode? Next; public int Value; }
internal sealed class Payload { public string? Name; public object? Boxed, Node; public long Number; }
internal struct Pair { public string? Text; public object? Other; public int Number; }
internal sealed class Closure { public int Number; public int Get() => Number; }
internal sealed class StaticMark { }
internal sealed class StackMark { }
internal sealed class ThreadStaticMark { }
internal sealed class AsyncMark { }
internal sealed class TimerMark { }
internal sealed class DeadMark { public byte[]? Bytes; }
internal sealed class LargeMark { }
internal sealed class PairMark { }
internal struct Boxed { public StaticMark? Mark; public int Number; }
internal static class Generic<T> { public static StaticMark? s_mark; public static T? s_value; }
internal sealed class Leaked { public string? Name; }

/// A static leak.
internal static class Leak
{
    private static readonly List<Leaked> s_leaked = new();

    internal static void Grow(int count)
    {
        for (int i = 0; i < count; i++)
        {
            s_leaked.Add(new Leaked { Name = "leak" + i });
        }
    }
}

internal static class Store
{
    private static readonly StaticMark s_first = new(), s_second = new();
    private static readonly StaticMark[] s_array = { new(), new(), new() };
    private static Boxed s_boxed;
    private static ListNode? s_list;
    private static readonly Dictionary<string, Payload> s_payloads = new();
    private static readonly List<Pair[]> s_pairs = new();
    private static readonly List<Func<int>> s_functions = new();
    private static readonly List<object[]> s_large = new();
    private static readonly List<byte[]> s_pinned = new();
    private static readonly List<object> s_kept = new();
    private static readonly int[] s_values = { 1, 2, 3 };
    private static readonly SortedDictionary<string, int> s_counts = new(StringComparer.Ordinal);

    internal static void Keep(object value) => s_kept.Add(value);
    internal static void Truth(string type, int count) => s_counts[type] = count;

    internal static void Build()
    {
        for (int i = 0; i < 100_000; i++)
        {
            s_list = new ListNode { Next = s_list, Value = i };
        }
        for (int i = 0; i < 5_000; i++)
        {
            s_payloads["key" + i] = new Payload { Name = "name" + i, Boxed = i, Node = s_list, Number = i };
            s_functions.Add(new Closure { Number = i }.Get);
            new DeadMark { Bytes = new byte[100] }.ToString();
        }
        for (int i = 0; i < 100; i++)
        {
            var pairs = new Pair[50];
            for (int j = 0; j < pairs.Length; j++)
            {
                pairs[j] = new Pair { Text = "pair" + j, Other = (j & 1) == 0 ? new PairMark() : pairs, Number = j };
            }
            s_pairs.Add(pairs);
            s_pinned.Add(GC.AllocateArray<byte>(1000, pinned: true));
        }
        for (int i = 0; i < 2; i++)
        {
            var large = new object[20_000];
            for (int j = 0; j < large.Length; j += 100)
            {
                large[j] = new LargeMark();
            }
            s_large.Add(large);
        }
        s_boxed = new Boxed { Mark = new StaticMark(), Number = s_values.Length };
        Generic<int>.s_mark = new StaticMark();
        Generic<string>.s_mark = new StaticMark();
        Generic<string>.s_value = "value of a generic static";
        var never = new TaskCompletionSource();
        for (int i = 0; i < 20; i++)
        {
            Keep(WaitAsync(never.Task));
        }
        Keep(new Timer(_ => { }, new TimerMark(), Timeout.Infinite, Timeout.Infinite));
        Truth("Marks.ListNode", 100_000);
        Truth("Marks.Payload", 5_000);
        Truth("Marks.Closure", 5_000);
        Truth("Marks.DeadMark", 0);
        Truth("Marks.PairMark", 100 * 25);
        Truth("Marks.LargeMark", 400);
        Truth("Marks.StaticMark", 8);
        Truth("Marks.AsyncMark", 20);
        Truth("Marks.TimerMark", 1);
        GC.KeepAlive(s_first);
        GC.KeepAlive(s_second);
        GC.KeepAlive(s_array);
        GC.KeepAlive(s_boxed.Mark);
    }

    private static async Task WaitAsync(Task never)
    {
        var mark = new AsyncMark();
        await never;
        GC.KeepAlive(mark);
    }

    internal static void Print()
    {
        foreach ((string type, int count) in s_counts)
        {
            Console.WriteLine($"count {type} {count}");
        }
    }
}
