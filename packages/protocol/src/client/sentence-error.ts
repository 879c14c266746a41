/**
 * An error of which a runner shows one sentence. Runners print the stack of what they catch and every field of it; of a wrong
 * option in a configuration file neither helps anybody.
 */
export function sentenceError(text: string, code: string): Error {
  const error = new Error(text);
  error.stack = `firstchance: ${text}`;
  Object.defineProperty(error, 'code', { value: code, enumerable: false });
  return error;
}
