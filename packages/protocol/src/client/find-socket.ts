import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SessionError } from './errors.ts';

/** Name of the server's socket in the session's private folder. */
export const SERVER_SOCKET = 'server.sock';

/**
 * The server's socket of the session that a folder (FIRSTCHANCE_SESSION) belongs to: session.json names the private folder.
 * A session that shares its folder with another one has its private folder there itself.
 * @throws SessionError `no-session`
 */
export function findSocket(sessionFolder: string | undefined): string {
  const missing = (why: string, cause?: unknown) =>
    new SessionError(
      {
        ...{ code: 'no-session', what: 'Looking for the firstchance session', why },
        cure: "add the firstchance adapter to the runner's configuration; it starts the session",
      },
      { cause },
    );
  if (sessionFolder === undefined || sessionFolder === '') throw missing('FIRSTCHANCE_SESSION is not set');
  const own = join(sessionFolder, SERVER_SOCKET);
  if (existsSync(own)) return own;
  let content: { privateFolder?: unknown } | null;
  try {
    content = JSON.parse(readFileSync(join(sessionFolder, 'session.json'), 'utf8')) as typeof content;
  } catch (error) {
    throw missing(`there is no session in ${sessionFolder}`, error);
  }
  const privateFolder = content?.privateFolder;
  if (privateFolder !== null && typeof privateFolder !== 'string')
    throw missing(`session.json in ${sessionFolder} was not understood: it names no private folder`);
  if (privateFolder === null) throw missing(`the session in ${sessionFolder} is over`);
  const socket = join(privateFolder, SERVER_SOCKET);
  if (!existsSync(socket)) throw missing(`the session in ${sessionFolder} has no server`);
  return socket;
}
