/**
 * A globalSetup that starts the shop under the session, and ends it with what it returns, as users do.
 * @param from where the adapter has launch()
 */
export const launchingSetup = (from: string) => `import { launch } from '${from}';

export default async function setup() {
  const shop = await launch('dotnet', [process.env.SHOP, '--urls', 'http://127.0.0.1:0'], {
    ready: /listening on: (\\S+)/,
    env: { Logging__LogLevel__Default: 'Information' },
  });
  process.env.SHOP_URL = shop.match[1];
  process.env.SHOP_PID = String(shop.pid);
  return () => shop.stop();
}
`;
