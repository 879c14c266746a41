using System.Runtime.CompilerServices;

/// <summary>Each await tells where it stands, by the compiler's CallerLineNumber, and in which state its machine waits then.</summary>
internal static class Awaits
{
    public static async Task Everywhere()
    {
        await Here();
        if (Environment.TickCount64 < 0)
        {
            await Here();
        }
        if (false)
        {
#pragma warning disable CS0162
            await Here();
#pragma warning restore CS0162
        }
        int sum = await Number() + await Number();
        try
        {
            await Here();
            throw new InvalidOperationException(sum.ToString());
        }
        catch (InvalidOperationException) when (sum > 0)
        {
            await Here();
        }
        finally
        {
            await Here();
        }
        foreach (int item in new[] { 1, 2 })
        {
            switch (item)
            {
                case 1: await Here(); break;
                default: await Here(); break;
            }
        }
        await foreach (int item in Items())
        {
            sum += item;
        }
        Console.Out.Flush();
        await Here(); await Here(); await Here();
        await Generic(sum);
    }

    private static async ValueTask Generic<T>(T value)
    {
        Func<Task> inner = async () =>
        {
            _ = value?.ToString();
            await Here();
        };
        await inner();
        await Here();
    }

    private static async IAsyncEnumerable<int> Items()
    {
        await Here();
        yield return 1;
        await Here();
        yield return 2;
    }

    public sealed record Stop(string Method, int Token, int State, int Line);

    public static List<Stop> Stops { get; } = new();

    private static At Here([CallerLineNumber] int line = 0) => new(line);

    private static At Number([CallerLineNumber] int line = 0) => new(line);

    internal sealed class At(int line) : INotifyCompletion
    {
        public At GetAwaiter() => this;

        public bool IsCompleted => false;

        public int GetResult() => line;

        public void OnCompleted(Action continuation)
        {
            // The runtime's box around the state machine: a class of its own in Debug builds, a structure in Release builds.
            object box = continuation.Target!;
            object machine = box.GetType().GetField("StateMachine")!.GetValue(box)!;
            var state = (int)machine.GetType().GetField("<>1__state")!.GetValue(machine)!;
            var moveNext = machine.GetType().GetMethod("MoveNext", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public)!;
            Stops.Add(new(machine.GetType().Name, moveNext.MetadataToken, state, line));
            ThreadPool.QueueUserWorkItem(_ => continuation());
        }
    }
}
