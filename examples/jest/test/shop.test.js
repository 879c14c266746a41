const { growthTest, launch } = require('@firstchance/jest');

let url;

beforeAll(async () => {
  const program = '../shop/bin/Release/net10.0/shop.dll';
  const shop = await launch('dotnet', [program, '--urls', 'http://127.0.0.1:0'], { ready: /Now listening on: (\S+)/ });
  url = shop.match[1];
}, 60_000);

const get = async (path) => (await fetch(`${url}${path}`)).json();

const post = async (path, body = {}) => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
};

/** A cup in a new cart, ordered. */
const order = async (voucher) => {
  const cart = await post('/carts');
  await post(`/carts/${cart.id}/lines`, { productId: 3, count: 1 });
  return await post(`/carts/${cart.id}/order?voucher=${voucher}`);
};

test('there is something to buy', async () => {
  expect(await get('/products')).toHaveLength(3);
});

test('a voucher is taken off', async () => {
  expect(await order(2)).toMatchObject({ paid: 4 });
});

test('a voucher pays for all of it', async () => {
  expect(await order(10)).toMatchObject({ paid: 0 });
}, 5_000);

growthTest('looking at a product leaves nothing behind', async () => {
  expect(await get('/products/2')).toMatchObject({ product: { name: 'Teapot' } });
});
