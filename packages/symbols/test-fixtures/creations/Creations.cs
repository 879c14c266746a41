using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Shop;

// Each line that makes objects of a type says so: "makes: TYPE in METHOD", with "; " between several. What the compiler makes
// for a whole method belongs to its first line; that is the brace where code is not optimized.

public class Session(int number)
{
    public int Number { get; } = number;
    public string? Name { get; set; }
}

public record Order(int Number, Session? For = null);

public struct Money(int cents)
{
    public int Cents { get; } = cents;
}

public class Pair<TFirst, TSecond>
{
    public TFirst? First;
}

public class Cache<T>
{
    private class Node(T value)
    {
        public T Value { get; } = value;
        public Node? Next;
    }

    private Node? _first;

    public void Add(T value)
    {
        _first = new Node(value) { Next = _first }; // makes: Shop.Cache<Shop.Session>+Node in Shop.Cache<T>.Add
    }

    public object Both() => new Pair<T, List<T>>(); // makes: Shop.Pair<Shop.Session, System.Collections.Generic.List<Shop.Session>> in Shop.Cache<T>.Both
}

public static class Store
{
    public static readonly List<Session> s_sessions = [];
    public static readonly Session s_first = new(0); // makes: Shop.Session in Shop.Store..cctor
}

public class Catalog
{
    public class Entry
    {
        public readonly Session Own = new(1); // makes: Shop.Session in Shop.Catalog+Entry..ctor

        public Entry() { }

        public Entry(int _) { }
    }

    public event Action? Changed;

    public void OnPrice() { }

    public Entry Subscribe(bool twice)
    {
        Changed += OnPrice; // makes: System.Action in Shop.Catalog.Subscribe for Shop.Catalog.OnPrice
        var entry = new Entry(); // makes: Shop.Catalog+Entry in Shop.Catalog.Subscribe
        return twice ? new Entry(1) : entry; // makes: Shop.Catalog+Entry in Shop.Catalog.Subscribe
    }

    public object Arrays(int length)
    {
        var sessions = new Session[length]; // makes: Shop.Session[] in Shop.Catalog.Arrays
        var table = new Session[length, 2]; // makes: Shop.Session[,] in Shop.Catalog.Arrays
        var jagged = new Session[length][]; // makes: Shop.Session[][] in Shop.Catalog.Arrays
        return (sessions, table, jagged);
    }

    public object Generic()
    {
        var pair = new Pair<int, Pair<string, Session[]>>(); // makes: Shop.Pair<System.Int32, Shop.Pair<System.String, Shop.Session[]>> in Shop.Catalog.Generic
        return pair;
    }

    public object Values()
    {
        object boxed = new Money(3);
        return boxed;
    }

    public T Reflected<T>() where T : new() => new T();

    public object? Activated() => Activator.CreateInstance(typeof(Session), 3);

    public Order Copied(Order order)
    {
        return order with { Number = 2 }; // makes: Shop.Order in Shop.Catalog.Copied
    }

    public Order Ordered() => new(7); // makes: Shop.Order in Shop.Catalog.Ordered

    public int Lambdas(IEnumerable<int> numbers, int offset)
    {
        var plain = numbers.Select(number => new Session(number)); // makes: Shop.Session in Shop.Catalog+<>c.<Lambdas>b__13_0; Shop.Catalog+<>c__DisplayClass13_0 in Shop.Catalog.Lambdas
        var closed = numbers.Select(number =>
            new Session(number + offset)); // makes: Shop.Session in Shop.Catalog+<>c__DisplayClass13_0.<Lambdas>b__1
        return plain.Count() + closed.Count() + Local().Number;

        static Session Local() => new(4); // makes: Shop.Session in Shop.Catalog.<Lambdas>g__Local|13_2
    }

    public async Task<Session> LoadAsync(int number)
    {
        await Task.Yield(); // makes: Shop.Catalog+<LoadAsync>d__14 in Shop.Catalog.LoadAsync
        return new Session(number); // makes: Shop.Session in Shop.Catalog.LoadAsync
    }

    public IEnumerable<Session> Iterate()
    {
        yield return new Session(5); // makes: Shop.Session in Shop.Catalog.Iterate; Shop.Catalog+<Iterate>d__15 in Shop.Catalog.Iterate
        yield return new Session(6); // makes: Shop.Session in Shop.Catalog.Iterate
    }

    public Session? Switched(int kind, string text)
    {
        try
        {
            switch (kind)
            {
                case 0: return new Session(10); // makes: Shop.Session in Shop.Catalog.Switched
                case 1: return null;
                case 2: return new Session(12); // makes: Shop.Session in Shop.Catalog.Switched
                case 3: return new Session(text.Length) { Name = "three" }; // makes: Shop.Session in Shop.Catalog.Switched
                case 4: return null;
                default: throw new ArgumentException("kind");
            }
        }
        catch (ArgumentException) when (text.Length > 3)
        {
            return new Session(13); // makes: Shop.Session in Shop.Catalog.Switched
        }
    }

    public List<Session> Listed() => [new Session(14), new Session(15)]; // makes: Shop.Session in Shop.Catalog.Listed

    public CancellationToken Linked(CancellationToken stop) => CancellationTokenSource.CreateLinkedTokenSource(stop).Token; // makes: System.Threading.CancellationTokenSource+Linked1CancellationTokenSource in Shop.Catalog.Linked
}
