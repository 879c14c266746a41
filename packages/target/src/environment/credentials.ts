/**
 * Credentials of the CI itself. A dump of the target would hold them, and they let a reader of the dump write artifacts and
 * caches or take the job's identity, so the program under test never gets them.
 */
export const CI_CREDENTIALS: readonly string[] = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RUNTIME_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
];

/** Names that commonly hold a secret; `--scrub-env` removes these too, except those on its allow list. */
const SECRET_NAME =
  /(^|_)(TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|PAT|AUTH|COOKIE|DSN)(_|$)|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|CONNECTION_?STRINGS?|^SSH_AUTH_SOCK$|^DOCKER_AUTH_CONFIG$/i;

/** PWD and OLDPWD are folders, not passwords: programs need them. */
const NOT_SECRET: ReadonlySet<string> = new Set(['PWD', 'OLDPWD']);

export interface ScrubOptions {
  /** Also remove everything whose name looks like a secret. */
  readonly scrub?: boolean;
  /** Names kept although they look like a secret; `*` stands for any run of characters. Never brings CI credentials back. */
  readonly allow?: readonly string[];
}

export interface ScrubbedEnvironment {
  readonly environment: NodeJS.ProcessEnv;
  /** Names that were removed, sorted. */
  readonly removed: string[];
}

/** A copy of the environment without the CI's own credentials and, when asked, without other secrets. */
export function scrubEnvironment(environment: NodeJS.ProcessEnv, options: ScrubOptions = {}): ScrubbedEnvironment {
  const allowed = (options.allow ?? []).map(nameMatcher);
  const kept: NodeJS.ProcessEnv = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const secret =
      options.scrub === true &&
      SECRET_NAME.test(name) &&
      !NOT_SECRET.has(name) &&
      !allowed.some((match) => match(name));
    if (CI_CREDENTIALS.includes(name.toUpperCase()) || secret) removed.push(name);
    else kept[name] = value;
  }
  return { environment: kept, removed: removed.sort() };
}

function nameMatcher(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  const expression = new RegExp(`^${source}$`, 'i');
  return (name) => expression.test(name);
}
