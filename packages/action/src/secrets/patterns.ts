import { existsSync } from 'node:fs';
import { CI_CREDENTIALS, looksSecret, variableMatcher } from '@firstchance/model';

/** Bytes that must not occur, and the variable whose value they are. */
export interface SecretPattern {
  readonly variable: string;
  readonly bytes: Buffer;
}

export interface SecretPatterns {
  readonly patterns: readonly SecretPattern[];
  /** Variables named by the user that are not set here, or too short to be told from chance. */
  readonly notSearched: readonly { readonly variable: string; readonly why: string }[];
}

/** Shorter values occur in a gigabyte by chance, or are words like "true". */
const SHORTEST = 8;
/** Of a longer value its beginning is enough, and keeps what is carried from chunk to chunk small. */
const LONGEST_BYTES = 4096;

/**
 * The values to look for: of the CI's credentials, of variables whose names look secret, of those named by the user, as UTF-8 (the
 * environment block, files, requests) and as UTF-16LE (strings of .NET). Lines of a value are looked for one by one too, since
 * programs cut keys into lines.
 * @param named variables of the input `secrets`
 * @param allowed patterns of variables that the target may have
 */
export function secretPatterns(
  environment: NodeJS.ProcessEnv,
  named: readonly string[],
  allowed: readonly string[],
): SecretPatterns {
  const mayHave = allowed.map(variableMatcher);
  const wanted = new Set(named);
  const notSearched = named
    .filter((name) => (environment[name] ?? '').length < SHORTEST)
    .map((variable) => ({
      variable,
      why: environment[variable] ? `its value has fewer than ${SHORTEST} characters` : 'it is not set in this step',
    }));
  const patterns = Object.entries(environment).flatMap(([variable, value = '']) => {
    const listed = CI_CREDENTIALS.includes(variable) && !variable.endsWith('_URL');
    if (!wanted.has(variable) && !listed && (!looksSecret(variable) || mayHave.some((match) => match(variable))))
      return [];
    // Sockets and files have paths in variables with such names; a path is no secret.
    if (!wanted.has(variable) && value.startsWith('/') && existsSync(value)) return [];
    return pieces(value).flatMap((text) =>
      (['utf8', 'utf16le'] as const).map((encoding) => ({
        variable,
        bytes: Buffer.from(text, encoding).subarray(0, LONGEST_BYTES),
      })),
    );
  });
  return { patterns, notSearched };
}

function pieces(value: string): string[] {
  const whole = value.trim();
  const lines = whole.split(/\r?\n/).map((line) => line.trim());
  // "-----BEGIN PRIVATE KEY-----" is in every program that can read one.
  const telling = lines.filter((line) => !/^-----.*-----$/.test(line));
  return [...new Set([whole, ...telling])].filter((text) => text.length >= SHORTEST);
}
