namespace Shop;

/// <summary>The shop in a browser: one page that talks to the API.</summary>
internal static class Pages
{
    internal const string Home = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Tea shop</title>
        <h1>Tea shop</h1>
        <ul id="products"></ul>
        <form id="order">
          <label>Voucher <input id="voucher" type="number" value="0"></label>
          <button>Order a cup</button>
        </form>
        <p role="status" id="status"></p>
        <script>
          const ask = async (path, options) => (await fetch(path, options)).json();
          const post = (path, body) =>
            ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) });
          const show = (text) => (document.getElementById('status').textContent = text);

          ask('/products').then((products) => {
            for (const { id, name } of products) {
              const link = Object.assign(document.createElement('a'), { href: '#' + id, textContent: name });
              link.onclick = async () => {
                const { product } = await ask('/products/' + id);
                show(product.name + ': ' + product.price.toFixed(2));
              };
              const item = document.createElement('li');
              item.append(link);
              document.getElementById('products').append(item);
            }
          });
          document.getElementById('order').onsubmit = async (event) => {
            event.preventDefault();
            show('ordering…');
            const cart = await post('/carts');
            await post('/carts/' + cart.id + '/lines', { productId: 3, count: 1 });
            const order = await post('/carts/' + cart.id + '/order?voucher=' + document.getElementById('voucher').value);
            show('order ' + order.number + ', paid ' + order.paid.toFixed(2));
          };
        </script>
        </html>
        """;
}
