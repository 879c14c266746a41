using System.Collections.Generic;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marks;

internal sealed class NormalMark { }
internal sealed class WeakMark { }
internal sealed class TrackingMark { }
internal sealed class PinnedMark { public int Value; }
internal sealed class DependentKey { }
internal sealed class DependentValue { public DependentKey? Next; }
internal sealed class TableKey { }
internal sealed class TableValue { }
internal sealed class FinalizableMark { ~FinalizableMark() { } }

/// Handles of every kind, some to objects that nothing else holds.
internal static class Handles
{
    private const int Count = 300;
    private static readonly ConditionalWeakTable<TableKey, TableValue> s_table = new();
    private static readonly List<DependentHandle> s_dependent = new();
    private static readonly List<GCHandle> s_handles = new();

    internal static void Build()
    {
        for (int i = 0; i < Count; i++)
        {
            Once();
        }
        Chain();
        Store.Truth("Marks.NormalMark", Count);
        Store.Truth("Marks.PinnedMark", Count);
        Store.Truth("Marks.WeakMark", 0);
        Store.Truth("Marks.TrackingMark", 0);
        Store.Truth("Marks.TableKey", Count);
        Store.Truth("Marks.TableValue", Count);
        Store.Truth("Marks.DependentKey", Count + 10);
        Store.Truth("Marks.DependentValue", Count + 10);
        Store.Truth("Marks.FinalizableMark", Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Once()
    {
        var key = new TableKey();
        Store.Keep(key);
        s_table.Add(key, new TableValue());
        s_table.Add(new TableKey(), new TableValue());
        var dependent = new DependentKey();
        Store.Keep(dependent);
        s_dependent.Add(new DependentHandle(dependent, new DependentValue()));
        s_dependent.Add(new DependentHandle(new DependentKey(), new DependentValue()));
        s_handles.Add(GCHandle.Alloc(new NormalMark()));
        s_handles.Add(GCHandle.Alloc(new WeakMark(), GCHandleType.Weak));
        s_handles.Add(GCHandle.Alloc(new TrackingMark(), GCHandleType.WeakTrackResurrection));
        s_handles.Add(GCHandle.Alloc(new PinnedMark(), GCHandleType.Pinned));
        new FinalizableMark().ToString();
        Store.Keep(new FinalizableMark());
    }

    /// Each value holds the key of the next pair; the pairs are added last first.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Chain()
    {
        DependentKey? next = null;
        for (int i = 0; i < 10; i++)
        {
            var key = new DependentKey();
            s_dependent.Add(new DependentHandle(key, new DependentValue { Next = next }));
            next = key;
        }
        Store.Keep(next!);
    }
}
