import { eastAsianWidth } from 'get-east-asian-width';

/*
 * Packages for this compile large expressions when they are loaded, for 30 to 60 ms of every start of ours; nearly all texts are of
 * ASCII and need none of them.
 */

const ASCII = /^[\x20-\x7e]*$/;
/** SGR and other control sequences (ECMA-48, 5.4), and OSC 8 links. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const CONTROL = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** Columns a text takes on a terminal: wide characters count two, combining ones none (UAX #11, UTS #51). */
export function width(text: string): number {
  const shown = text.includes('\u001b') ? text.replace(CONTROL, '') : text;
  if (ASCII.test(shown)) return shown.length;
  let columns = 0;
  for (const { segment } of segmenter().segment(shown)) columns += widthOf(segment);
  return columns;
}

let cached: Intl.Segmenter | undefined;
/** Characters as people see them. */
export function segmenter(): Intl.Segmenter {
  cached ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return cached;
}

/** Of one character as people see it: of its first visible code point; as an emoji two, whatever it is made of. */
function widthOf(segment: string): number {
  const base = [...segment].find(
    (one) => !/^[\p{Control}\p{Format}\p{Mark}\p{Default_Ignorable_Code_Point}]$/u.test(one),
  );
  if (base === undefined) return 0;
  const isEmoji = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f|^\p{Regional_Indicator}{2}/u.test(segment);
  return isEmoji ? 2 : eastAsianWidth(base.codePointAt(0) ?? 0);
}
