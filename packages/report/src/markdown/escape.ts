import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';

/**
 * Everything that Markdown, GitHub's extensions of it (mentions, issue numbers, emoji, mathematics, autolinks) or HTML could
 * take for more than a character. A numeric reference never has a structural meaning (CommonMark 0.31, 2.5).
 */
const ACTIVE = /[&<>"'`*_[\]()|\\~^:@#$!{}=]|(?<=www)\./gi;
const LONGEST = 2000;

/** Foreign text inside a paragraph or a table cell, as code: GitHub resolves no names and numbers there. */
export function code(text: string, longest = LONGEST): string {
  const shown = limit(harmless(text), longest);
  return shown === '' ? '' : `<code>${entities(shown)}</code>`;
}

/** Foreign lines as one block; no line of them can end it. */
export function codeBlock(lines: readonly string[], longest = LONGEST): string {
  return `<pre>${lines.map((line) => entities(limit(harmless(line), longest))).join('\n')}</pre>`;
}

/** A sentence of ours that may hold foreign words: reads as text, does nothing. */
export function words(text: string, longest = LONGEST): string {
  // A zero-width joiner keeps "@name" from becoming a mention even when a later pass looks at the plain text.
  return entities(limit(harmless(text), longest)).replaceAll('&#64;', '&#64;&#8205;');
}

function entities(text: string): string {
  return text.replace(ACTIVE, (character) => `&#${character.charCodeAt(0)};`);
}
