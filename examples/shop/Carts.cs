using System.Collections.Concurrent;

namespace Shop;

public sealed record CartLine(int ProductId, int Count);

public sealed class Cart
{
    private readonly List<CartLine> _lines = [];

    public Guid Id { get; } = Guid.NewGuid();

    public IReadOnlyList<CartLine> Lines => _lines;

    public void Add(CartLine line) => _lines.Add(line);

    public decimal Total(Catalog catalog) =>
        _lines.Sum(line => line.Count * (catalog.Find(line.ProductId)?.Price ?? 0));
}

/// <summary>Carts that were not paid yet.</summary>
public sealed class Carts
{
    private readonly ConcurrentDictionary<Guid, Cart> _carts = new();

    public Cart Open()
    {
        var cart = new Cart();
        return _carts[cart.Id] = cart;
    }

    public Cart? Find(Guid id) => _carts.GetValueOrDefault(id);

    public void Close(Cart cart) => _carts.TryRemove(cart.Id, out _);
}
