using System;
using System.Collections.Generic;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Subject;

/// Handles in known numbers that point to nothing, which the runtime's debugging library does not list.
internal static class Handles
{
    private static readonly List<GCHandle> s_kept = new();
    private static readonly List<DependentHandle> s_dependent = new();

    internal static void Build()
    {
        MakeDead();
        for (int i = 0; i < 5000; i++)
        {
            s_kept.Add(GCHandle.Alloc(null));
        }
        MakeDependent();
        // Freed ones lie in caches of the handle table, marked as given out.
        var freed = new List<GCHandle>();
        for (int i = 0; i < 3000; i++)
        {
            freed.Add(GCHandle.Alloc(s_kept, GCHandleType.Weak));
            freed.Add(GCHandle.Alloc(s_kept));
        }
        freed.ForEach(handle => handle.Free());
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Console.WriteLine("fact empty-weak 20000");
        Console.WriteLine("fact empty-strong 5000");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeDependent()
    {
        for (int i = 0; i < 700; i++)
        {
            s_dependent.Add(new DependentHandle(i % 2 == 0 ? s_kept : new object(), null));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeDead()
    {
        for (int i = 0; i < 20_000; i++)
        {
            s_kept.Add(GCHandle.Alloc(new object(), GCHandleType.Weak));
        }
    }
}
