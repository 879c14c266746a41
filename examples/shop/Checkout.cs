namespace Shop;

public sealed record Order(int Number, decimal Paid);

/// <summary>Turns a cart into an order.</summary>
public sealed class Checkout(Catalog catalog, Carts carts, Payments payments)
{
    private int _orders;

    /// <param name="voucher">Pays up to this much of it.</param>
    public async Task<Order> PlaceAsync(Cart cart, decimal voucher, CancellationToken cancel)
    {
        if (cart.Lines.Count == 0)
        {
            throw new InvalidOperationException("the cart is empty");
        }
        decimal toPay = Math.Max(0, cart.Total(catalog) - voucher);
        await payments.PayAsync(toPay, cancel);
        carts.Close(cart);
        return new Order(Interlocked.Increment(ref _orders), toPay);
    }
}
