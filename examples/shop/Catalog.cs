namespace Shop;

public sealed record Product(int Id, string Name, decimal Price);

/// <summary>What the shop sells.</summary>
public sealed class Catalog
{
    private readonly Dictionary<int, Product> _products = new[]
    {
        new Product(1, "Kettle", 39.00m),
        new Product(2, "Teapot", 24.50m),
        new Product(3, "Cup", 6.00m),
    }.ToDictionary(product => product.Id);

    public event Action<Product>? PriceChanged;

    public IReadOnlyCollection<Product> All => _products.Values;

    public Product? Find(int id) => _products.GetValueOrDefault(id);

    public Product? ChangePrice(int id, decimal price)
    {
        if (Find(id) is not { } product)
        {
            return null;
        }
        _products[id] = product with { Price = price };
        PriceChanged?.Invoke(_products[id]);
        return _products[id];
    }
}
