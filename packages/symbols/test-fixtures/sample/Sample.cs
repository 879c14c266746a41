internal sealed class Sample
{
    private readonly int _divisor = 0;

    public Sample(int value)
    {
        Value = value / _divisor; // line 7
    }

    public int Value { get; }

    public static string Property => throw new InvalidOperationException("property"); // line 12

    public static int Plain(int divisor)
    {
        int result = 1;
        for (int i = 0; i < 3; i++)
        {
            using (new MemoryStream())
            {
                result += i / divisor; // line 21
            }
        }
        return result;
    }

    public static string Multiline(string first, string? second)
    {
        return string.Concat(
            first,
            second!.Trim(), // line 31
            first);
    }

    public static int Lambda(int value)
    {
        Func<int, int> inner = x =>
            x / (value - 3); // line 38
        return inner(1);
    }

    public static async Task Async(int value)
    {
        await Task.Yield();
        foreach (int item in new[] { 1, 2 })
        {
            await Task.Delay(1);
            _ = item / (value - 2); // line 48
        }
    }

    public static IEnumerable<int> Iterator()
    {
        yield return 1;
        int zero = 0;
        yield return 1 / zero; // line 56
    }

    public static void Mapped()
    {
#line 4711 "Generated/Other.cs"
        throw new NotSupportedException("another document");
#line default
    }
}

internal static class Generic<T>
{
    internal static class Inner<TInner>
    {
        public static void Throw(T value, TInner other) =>
            throw new ArgumentException($"{value}{other}"); // line 72
    }
}
