/** Of ours and no ASCII, each for one column: what was cut to fit still does. */
const ASCII: Readonly<Record<string, string>> = {
  ...{ '…': '~', '·': '-', '×': 'x', '→': '>', '←': '<', '▸': '>', '−': '-', '±': '+' },
  ...{ '▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '█': '#' },
};
const OURS = new RegExp(`[${Object.keys(ASCII).join('')}]`, 'g');

/**
 * Text as the locale of these surroundings has characters for it: the first of LC_ALL, LC_CTYPE and LANG that is set says which
 * (locale(7)). Where none is set, in most containers, nothing is known, and what shows the text is of today: it stays as it is.
 * Letters of a target stay in any case: nothing else would say what they are.
 */
export function inLocale(text: string, { LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): string {
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8';
  return /utf-?8/i.test(locale) ? text : text.replace(OURS, (one) => ASCII[one] ?? one);
}
