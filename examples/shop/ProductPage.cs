namespace Shop;

/// <summary>A product as one visitor sees it. The price on it is always the one of now.</summary>
public sealed class ProductPage
{
    public ProductPage(Catalog catalog, Product product)
    {
        Product = product;
        PriceWhenOpened = product.Price;
        // The planted leak: no page ever unsubscribes, so the catalog keeps all that were shown.
        catalog.PriceChanged += OnPriceChanged;
    }

    public Product Product { get; private set; }

    public decimal PriceWhenOpened { get; }

    public Guid Visitor { get; } = Guid.NewGuid();

    public DateTimeOffset OpenedAt { get; } = DateTimeOffset.UtcNow;

    private void OnPriceChanged(Product product)
    {
        if (product.Id == Product.Id)
        {
            Product = product;
        }
    }
}
