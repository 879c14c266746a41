namespace Shop;

/// <summary>A product as one visitor sees it. The price on it is always the one of now.</summary>
public sealed class ProductPage
{
    private readonly byte[] _picture = new byte[2048];

    public ProductPage(Catalog catalog, Product product)
    {
        Product = product;
        // The planted leak: no page ever unsubscribes, so the catalog keeps all that were shown.
        catalog.PriceChanged += OnPriceChanged;
    }

    public Product Product { get; private set; }

    public int PictureBytes => _picture.Length;

    private void OnPriceChanged(Product product)
    {
        if (product.Id == Product.Id)
        {
            Product = product;
        }
    }
}
