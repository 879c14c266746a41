import { wildcardMatcher } from '../text/wildcard.ts';

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

/** Names that commonly hold a secret. */
const SECRET_NAME =
  /(^|_)(TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|PAT|AUTH|COOKIE|DSN)(_|$)|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|CONNECTION_?STRINGS?|^SSH_AUTH_SOCK$|^DOCKER_AUTH_CONFIG$/i;

/** PWD and OLDPWD are folders, not passwords: programs need them. */
const NOT_SECRET: ReadonlySet<string> = new Set(['PWD', 'OLDPWD']);

/** True for an environment variable whose name says that it holds a secret. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !NOT_SECRET.has(name);
}

/** Matches the names of variables by a pattern, in either case; `*` stands for any run of characters. */
export const variableMatcher = (pattern: string) => wildcardMatcher(pattern, 'i');
