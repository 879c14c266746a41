/**
 * JSON that is harmless inside a <script> element: no "<", so no "</script" or "<!--" (HTML, 13.2.5.4), no ">" or "&", and
 * none of the separators that JavaScript once took for line ends. What JSON.parse gives is the same.
 */
export function embed(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
