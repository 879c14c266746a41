using Shop;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddSingleton<Catalog>().AddSingleton<Carts>().AddSingleton<Checkout>().AddSingleton<Payments>();
builder.Services.AddHostedService(services => services.GetRequiredService<Payments>());
var app = builder.Build();

app.MapGet("/", () => Results.Content(Pages.Home, "text/html"));
app.MapGet("/products", (Catalog catalog) => catalog.All);
app.MapGet("/products/{id:int}", (int id, Catalog catalog) =>
    catalog.Find(id) is { } product ? Results.Ok(new ProductPage(catalog, product)) : Results.NotFound());
app.MapPut("/products/{id:int}/price", (int id, NewPrice price, Catalog catalog) =>
    catalog.ChangePrice(id, price.Price) is { } product ? Results.Ok(product) : Results.NotFound());

app.MapPost("/carts", (Carts carts) => carts.Open());
app.MapPost("/carts/{id:guid}/lines", (Guid id, CartLine line, Carts carts) =>
{
    if (carts.Find(id) is not { } cart)
    {
        return Results.NotFound();
    }
    cart.Add(line);
    return Results.Ok(cart);
});
app.MapPost("/carts/{id:guid}/order", async (Guid id, decimal? voucher, Carts carts, Checkout checkout, CancellationToken cancel) =>
    carts.Find(id) is { } cart
        ? Results.Ok(await checkout.PlaceAsync(cart, voucher ?? 0, cancel))
        : Results.NotFound());

app.Run();

internal sealed record NewPrice(decimal Price);
