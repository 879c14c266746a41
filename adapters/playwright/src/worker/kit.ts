import { closeSharedClient, type SessionClient, sharedClient, TestKit } from '@firstchance/protocol';
import { WEB_SERVER } from '../main/run.ts';

const KEY = Symbol.for('firstchance.playwright.kit');

/** What tests call outside of the `dotnet` fixture; what it launches ends with the worker. */
export const kit: TestKit = shared();

export function connect(): Promise<SessionClient> {
  return sharedClient('playwright');
}

/** A kit whose checks, when nothing was launched with it, are of what the worker's kit launched, else of the web server. */
export function testKit(): TestKit {
  return new TestKit(connect, async (client) => kit.last ?? (await behindWebServer(client)));
}

export async function leaveSession(): Promise<void> {
  await kit.stopAll();
  await closeSharedClient();
}

function shared(): TestKit {
  const place = globalThis as { [KEY]?: TestKit };
  place[KEY] ??= new TestKit(connect, behindWebServer);
  return place[KEY];
}

async function behindWebServer(client: SessionClient): Promise<number | undefined> {
  const url = process.env[WEB_SERVER];
  return url === undefined ? undefined : (await client.request('target/find', { url })).pid;
}
