using System;
using System.Threading;

namespace Marks;

/// Builds a heap the tests know by heart, prints how many objects of each type are alive, then does what its
/// input says: "gc", "leak N", "types N", "emit N", "timers", "native N", "lose N", "storm"; one answer line each.
internal static class Program
{
    private static volatile bool s_storm;

    private static void Main()
    {
        Store.Build();
        Handles.Build();
        Contexts.Build();
        Threads.Build();
        Store.Print();
        Answer("ready");
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "gc":
                    Collect();
                    break;
                case "leak":
                    Leak.Grow(int.Parse(words[1]));
                    break;
                case "types":
                    Generated.Build(int.Parse(words[1]));
                    break;
                case "emit":
                    Generated.Emit(int.Parse(words[1]));
                    break;
                case "timers":
                    Timers.Build();
                    break;
                case "native":
                    Native.Build(int.Parse(words[1]));
                    break;
                case "lose":
                    Native.Lose(int.Parse(words[1]));
                    break;
                case "storm":
                    Storm();
                    break;
            }
            Answer("done");
        }
        s_storm = false;
        Threads.End();
    }

    private static void Answer(string word)
    {
        Console.WriteLine(word);
        Console.Out.Flush();
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// Two threads that allocate small and large arrays at full speed: half of the time a collection is under way.
    private static void Storm()
    {
        s_storm = true;
        for (int i = 0; i < 2; i++)
        {
            var thread = new Thread(() =>
            {
                var kept = new object[1000];
                for (int round = 0; s_storm; round++)
                {
                    kept[round % kept.Length] = round % 50 == 0 ? new byte[100_000] : new object[20];
                }
            }) { IsBackground = true };
            thread.Start();
        }
    }
}
