using System.Collections.Generic;
using System.Threading;

namespace Marks;

/// Timers in known numbers: some end by firing once, none of them during the tests.
internal static class Timers
{
    private const int Hour = 3_600_000;
    private static readonly List<Timer> s_kept = new();

    internal static void Build()
    {
        Add(70, Hour, Timeout.Infinite);
        Add(50, Hour, Hour);
        Add(30, Timeout.Infinite, Timeout.Infinite);
    }

    private static void Add(int count, int due, int period)
    {
        for (int i = 0; i < count; i++)
        {
            s_kept.Add(new Timer(static _ => { }, null, due, period));
        }
    }
}
