import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * A file of the package `firstchance`, absolute. The package asks for itself by name: what is published is bundled, so that the
 * way from a module to its package's folder is another one than in the sources.
 */
export function packageFile(...inside: string[]): string {
  return join(dirname(createRequire(import.meta.url).resolve('firstchance/package.json')), ...inside);
}
