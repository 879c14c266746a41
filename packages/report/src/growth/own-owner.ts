import { isOwnCode } from '../text/own-code.ts';

/**
 * Whether a sampled stack names code of the program. Of types of .NET it may not, where own methods were taken into the platform's:
 * that says less than a line that says "new".
 */
export function hasOwnCode(owner: readonly string[] = []): boolean {
  return owner.some((method) => isOwnCode({ method, module: null, ilOffset: null, file: null, line: null }));
}
