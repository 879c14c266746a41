import { SessionClient } from './session-client.ts';

/** Modules are loaded more than once in a test process (inlined, in a vm context): what is shared lies on the global object. */
const KEY = Symbol.for('firstchance.session');

type Shared = { folder: string; client: Promise<SessionClient> };

/**
 * The one connection of this process (or worker thread, or vm context) to its session. @throws SessionError when there is none
 */
export async function sharedClient(runner: string): Promise<SessionClient> {
  const place = globalThis as { [KEY]?: Shared };
  const folder = process.env.FIRSTCHANCE_SESSION ?? '';
  const present = place[KEY];
  if (present?.folder === folder) {
    const client = await present.client;
    if (!client.closed) return client;
  }
  const client = SessionClient.connect({ folder, runner });
  place[KEY] = { folder, client };
  client.catch(() => {
    if (place[KEY]?.client === client) delete place[KEY];
  });
  return await client;
}

/** Ends the connection if there is one; the next use makes a new one. */
export async function closeSharedClient(): Promise<void> {
  const place = globalThis as { [KEY]?: Shared };
  const present = place[KEY];
  delete place[KEY];
  const client = await present?.client.catch(() => undefined);
  await client?.[Symbol.asyncDispose]();
}
