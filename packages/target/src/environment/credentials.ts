import { CI_CREDENTIALS, looksSecret, variableMatcher } from '@firstchance/model';

export { CI_CREDENTIALS };

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
  const allowed = (options.allow ?? []).map(variableMatcher);
  const kept: NodeJS.ProcessEnv = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const secret = options.scrub === true && looksSecret(name) && !allowed.some((match) => match(name));
    if (CI_CREDENTIALS.includes(name.toUpperCase()) || secret) removed.push(name);
    else kept[name] = value;
  }
  return { environment: kept, removed: removed.sort() };
}
