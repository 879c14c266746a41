import type { PlaywrightTestConfig } from '@playwright/test';

/** One entry of Playwright's `webServer`. */
export type WebServer = Exclude<NonNullable<PlaywrightTestConfig['webServer']>, readonly unknown[]>;

/** Those of Playwright's webServer, but for the command: a program and its arguments, which no shell looks at. */
export interface DotnetWebServerOptions extends Omit<WebServer, 'command'> {
  /** Default 'dotnet'. */
  readonly command?: string;
  /** @example ['run', '--project', 'src/Shop'] or ['bin/shop.dll'] */
  readonly args?: readonly string[];
}

/** A dump that is being written when the server is asked to end must become whole. */
const SHUTDOWN_MS = 10_000;

/**
 * A .NET program as Playwright's `webServer`: it listens where `url` says (ASPNETCORE_URLS), gets SIGTERM at the end, and no
 * shell stands between it and Playwright.
 *
 * @example
 * webServer: dotnetWebServer({ args: ['bin/shop.dll'], url: 'http://127.0.0.1:5005', env: { Logging__LogLevel__Default: 'Warning' } })
 */
export function dotnetWebServer({ command = 'dotnet', args = [], ...options }: DotnetWebServerOptions): WebServer {
  const { url, port, env } = options;
  for (const [index, arg] of args.entries()) {
    // A variable of the environment that is not set, as a rule.
    if (typeof arg !== 'string') throw new TypeError(`dotnetWebServer: args[${index}] is ${arg}, not a text`);
  }
  const origin = url === undefined ? port && `http://localhost:${port}` : new URL(url).origin;
  return {
    gracefulShutdown: { signal: 'SIGTERM', timeout: SHUTDOWN_MS },
    ...options,
    command: `exec ${[command, ...args].map(quoted).join(' ')}`,
    env: { ...(origin ? { ASPNETCORE_URLS: origin } : {}), ...env },
  };
}

/** For /bin/sh, to which Playwright gives the command. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
