using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Subject;

internal sealed class OrderException : Exception
{
    public OrderException(string message, Exception inner) : base(message, inner) => HResult = unchecked((int)0x81234567);
}

/// A message that is built when asked for: the stored text is null.
internal sealed class SilentException : Exception
{
    public override string Message => "built, not stored";
    public SilentException() : base(null) { }
}

/// Exceptions in flight on threads that stand in a filter, a finally or a catch.
internal static class Throwing
{
    internal static void Start()
    {
        Threads.Run("throwing", InFilter);
        Threads.Run("aggregate", InCatch);
        Threads.Run("silent", Silent);
        Threads.Run("caught before", CaughtBefore);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static void InFilter()
    {
        try
        {
            Order.Place(7);
        }
        catch (OrderException) when (Stand())
        {
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool Stand()
    {
        Thread.Sleep(Timeout.Infinite);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static void InCatch()
    {
        try
        {
            throw new AggregateException("several",
                new InvalidOperationException("first"),
                new AggregateException("nested", new ArgumentException("second\ud83d\ude00")));
        }
        catch (AggregateException)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static void Silent()
    {
        try
        {
            throw new SilentException();
        }
        catch (SilentException)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static void CaughtBefore()
    {
        try
        {
            throw new FormatException("over long ago");
        }
        catch (FormatException)
        {
        }
        Thread.Sleep(Timeout.Infinite);
    }
}

internal static class Order
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static void Place(int items)
    {
        try
        {
            Stock.Take(items);
        }
        catch (InvalidOperationException inner)
        {
            throw new OrderException($"no order of {items}", inner);
        }
    }
}

internal static class Stock
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    internal static void Take(int items) => throw new InvalidOperationException($"only 3 left, not {items}");
}
