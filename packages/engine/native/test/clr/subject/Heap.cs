using System;
using System.Collections.Generic;

namespace Subject;

internal sealed class Marker { public long A = 1, B = 2; }

internal sealed class Linked { public Linked? Next; }

internal struct Pair
{
    public object? First;
    public long Second;
    public Pair(object? first, long second) => (First, Second) = (first, second);
}

internal static class Outer<T>
{
    internal sealed class Inner<U> { public T? First = default; public U? Second = default; }
    internal sealed class Plain { public T? Value = default; }
}

/// Objects of types nobody else uses, in known numbers.
internal static class Heap
{
    private static readonly List<object> s_kept = new();

    internal static void Build()
    {
        Add(1000, () => new Marker());
        Add(77, () => new Outer<int>.Inner<string>());
        Add(33, () => new Outer<Marker>.Plain());
        Add(21, () => new Pair[5]);
        Add(11, () => new Marker[3, 4]);
        Add(13, () => new Dictionary<Marker, Outer<int>.Plain>());
        Add(5, () => new Guid[20_000]);
        Add(17, () => new { Name = "anonymous", Count = 1 });
        Add(3, () => GC.AllocateArray<Half>(1000, pinned: true));
        Linked? list = null;
        for (int i = 0; i < 200_000; i++)
        {
            list = new Linked { Next = list };
        }
        s_kept.Add(list!);
        Console.WriteLine($"count {typeof(Linked)} 200000");
        for (int i = 0; i < 100; i++)
        {
            s_kept.Add(new string('x', 20_001 + i) + i);
        }
        GC.Collect();
        // Garbage between live objects, so that there is free space and a young generation in use.
        for (int i = 0; i < 1000; i++)
        {
            s_kept.Add(new Marker[0]);
            _ = new byte[100 + i];
        }
        Console.WriteLine("count Subject.Marker[] 1000");
    }

    private static void Add<T>(int count, Func<T> create) where T : class
    {
        for (int i = 0; i < count; i++)
        {
            s_kept.Add(create());
        }
        Console.WriteLine($"count {typeof(T)} {count}");
    }
}
