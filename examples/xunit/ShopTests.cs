using Xunit;

namespace Shop.Tests;

/// <summary>A shop for the tests of a class; what it sells is the same for all of them.</summary>
public sealed class TeaShop : IAsyncLifetime
{
    private static readonly Catalog s_catalog = new();

    public Catalog Catalog => s_catalog;
    public Carts Carts { get; } = new();
    public Payments Payments { get; } = new();
    public Checkout Checkout { get; }

    public TeaShop() => Checkout = new Checkout(s_catalog, Carts, Payments);

    public Task InitializeAsync() => Payments.StartAsync(CancellationToken.None);

    public async Task DisposeAsync() => await Payments.StopAsync(CancellationToken.None);
}

public sealed class ShopTests(TeaShop shop) : IClassFixture<TeaShop>
{
    [Fact]
    public void A_cart_knows_what_it_costs()
    {
        Cart cart = CartWith(new CartLine(1, 1), new CartLine(3, 4));
        Assert.Equal(63.00m, cart.Total(shop.Catalog));
    }

    [Fact]
    public async Task An_order_is_paid()
    {
        Order order = await shop.Checkout.PlaceAsync(CartWith(new CartLine(2, 1)), voucher: 4.50m, CancellationToken.None);
        Assert.Equal(20.00m, order.Paid);
    }

    [Fact]
    public async Task An_empty_cart_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            shop.Checkout.PlaceAsync(shop.Carts.Open(), voucher: 0, CancellationToken.None));

    [Fact]
    public void A_price_that_changes_is_seen_on_the_page()
    {
        // Green, and all these pages stay behind: only the ledger shows it.
        List<ProductPage> pages = [.. Enumerable.Range(0, 1000).Select(_ => new ProductPage(shop.Catalog, shop.Catalog.Find(2)!))];
        shop.Catalog.ChangePrice(2, 25.00m);
        Assert.All(pages, page => Assert.Equal(25.00m, page.Product.Price));
        shop.Catalog.ChangePrice(2, 24.50m);
    }

    [Fact(Timeout = 10_000)]
    public async Task A_voucher_pays_for_all_of_it()
    {
        Order order = await shop.Checkout.PlaceAsync(CartWith(new CartLine(3, 1)), voucher: 10, CancellationToken.None);
        Assert.Equal(0, order.Paid);
    }

    private Cart CartWith(params CartLine[] lines)
    {
        Cart cart = shop.Carts.Open();
        foreach (CartLine line in lines)
        {
            cart.Add(line);
        }
        return cart;
    }
}
