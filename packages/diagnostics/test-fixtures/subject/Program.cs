// Obeys one word per line on standard input and answers each with one line: tests wait for events, not for time.
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;

Console.WriteLine($"ready {Environment.ProcessId}");
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split(' ', 2);
    switch (words[0])
    {
        case "throw":
            int count = int.Parse(words[1]);
            for (int i = 0; i < count; i++)
            {
                Thrower.ThrowAndCatch(i);
            }
            Console.WriteLine($"threw {count}");
            break;
        case "log":
            SubjectEventSource.Log.Told(words[1], words[1].Length, true);
            Console.WriteLine("logged");
            break;
        case "drop":
            Dropped.Drop(int.Parse(words[1]));
            Console.WriteLine($"finalized {Dropped.Finalized}");
            break;
        case "env":
            Console.WriteLine($"env {Environment.GetEnvironmentVariable(words[1]) ?? "(none)"}");
            break;
        case "quit":
            Console.WriteLine("bye");
            return 0;
        default:
            Console.WriteLine("what?");
            break;
    }
}
return 0;

internal sealed class Dropped
{
    public static int Finalized;

    ~Dropped() => Interlocked.Increment(ref Finalized);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Drop(int count)
    {
        for (int i = 0; i < count; i++)
        {
            GC.KeepAlive(new Dropped());
        }
    }
}

internal sealed class SubjectException(string message) : Exception(message);

internal static class Thrower
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ThrowAndCatch(int number)
    {
        try
        {
            throw new SubjectException($"number {number}");
        }
        catch (SubjectException)
        {
        }
    }
}

[EventSource(Name = "Firstchance-Subject")]
internal sealed class SubjectEventSource : EventSource
{
    public static readonly SubjectEventSource Log = new();

    [Event(1, Level = EventLevel.Informational)]
    public void Told(string text, int length, bool isTrue) => WriteEvent(1, text, length, isTrue);
}
