import { fileURLToPath } from 'node:url';
import type { AdapterOptions } from '@firstchance/protocol';
import type { PlaywrightTestConfig, ReporterDescription } from '@playwright/test';
import { Run } from './main/run.ts';
import { sessionPlugin } from './main/session-plugin.ts';

const file = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

const REPORTER = file('reporter');
const GLOBAL_SETUP = file('main/global-setup');

/** Playwright's own extension point for packages that must do something before web servers start; it is not in its types. */
const PRIVATE = '@playwright/test';
type Plugins = { readonly plugins?: readonly unknown[] };

/**
 * The one line in playwright.config: the session is started before web servers are, which inherit what the agent needs, and
 * growth is checked before they end. Everything of the configuration stays as it is.
 *
 * @example
 * export default firstchance(defineConfig({
 *   webServer: dotnetWebServer({ args: ['run', '--project', 'src/Shop'], url: 'http://127.0.0.1:5005' }),
 * }), { dump: 'mini', growth: [{ operation: 'GET /orders' }] });
 * @param options those of every adapter: docs/options.md and `growth`
 */
export function firstchance<C extends PlaywrightTestConfig>(config: C, options: AdapterOptions = {}): C {
  const own = (config as Record<string, unknown>)[PRIVATE] as Plugins | undefined;
  const starters = [config.webServer, config.globalSetup, own?.plugins];
  const mainStarts = starters.some((one) => listOf<unknown>(one).length > 0);
  const plan = { options, webServer: webServerUrl(config), mainStarts };
  Run.current.plan = plan;
  return {
    ...config,
    reporter: [...reportersOf(config), [REPORTER]],
    // The last one: what it returns comes first when the run ends, while what the others started still runs.
    globalSetup: [...listOf(config.globalSetup), GLOBAL_SETUP],
    [PRIVATE]: { ...own, plugins: [...(own?.plugins ?? []), sessionPlugin(plan)] },
  };
}

/** Playwright takes its default only when there is none at all. */
function reportersOf({ reporter }: PlaywrightTestConfig): ReporterDescription[] {
  if (reporter === undefined) return [[process.env.CI ? 'dot' : 'list']];
  if (typeof reporter === 'string') return [[reporter] as ReporterDescription];
  return [...reporter];
}

function webServerUrl({ webServer }: PlaywrightTestConfig): string | undefined {
  for (const { url, port } of listOf(webServer)) {
    if (url !== undefined) return url;
    if (port !== undefined) return `http://localhost:${port}`;
  }
  return undefined;
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
