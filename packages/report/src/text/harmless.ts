/**
 * Text from a target is shown to a person and may hold anything: escape sequences that rewrite the screen, line breaks that
 * forge lines of ours, bidirectional controls that turn a path around. Nothing of this may act, and nothing may vanish silently.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
/** Bidirectional and invisible formatting characters (Unicode TR9, TR36), line and paragraph separators. */
const FORMATTING =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** A surrogate without its other half, as UTF-16 from a torn string may have. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One harmless line: line breaks and tabs become a space, other controls are shown as \x1b or \u202e. */
export function harmless(text: string): string {
  return text
    .replace(/\r\n|[\r\n\t\v\f]/g, ' ')
    .replace(CONTROL, (character) => `\\x${hex(character, 2)}`)
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(FORMATTING, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${hex(character, 4)}`;
    });
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
