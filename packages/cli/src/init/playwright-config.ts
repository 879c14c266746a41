import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './plan.ts';
import type { FoundRunner } from './runners.ts';

const PACKAGE = '@firstchance/playwright';
/** What a configuration file gives away, at the beginning of a line and once; then it can be given to the adapter instead. */
const FORMS = [
  {
    given: /^export default (?=\S)/gm,
    importing: `import { firstchance } from '${PACKAGE}';\n`,
    giving: 'export default firstchance(playwrightConfig);\n',
  },
  {
    given: /^module\.exports = (?=\S)/gm,
    importing: `const { firstchance } = require('${PACKAGE}');\n`,
    giving: 'module.exports = firstchance(playwrightConfig);\n',
  },
] as const;

/** Gives Playwright's configuration to the adapter. Undefined when it is there, or the file is written in another way. */
export function playwrightConfig(folder: string, runners: readonly FoundRunner[]): Change | undefined {
  const file = configFile(runners);
  if (file === undefined) return undefined;
  const text = readFileSync(join(folder, file), 'utf8');
  if (text.includes(PACKAGE) || /\bplaywrightConfig\b/.test(text)) return undefined;
  const form = FORMS.find(({ given }) => text.match(given)?.length === 1);
  if (!form) return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = (part: string) => part.replaceAll('\n', newline);
  const given = text.replace(form.given, 'const playwrightConfig = ');
  // Comments that are about the whole file stay the first.
  const at = Math.max(0, given.search(/^(import\b|const\b|let\b|var\b|require\b|'use strict')/m));
  const end = given.endsWith('\n') ? newline : newline + newline;
  return {
    file,
    action: 'change',
    summary: `the session starts with the tests; then: npm install --save-dev ${PACKAGE}, and tests import { test, expect } from it`,
    content: given.slice(0, at) + lines(form.importing) + given.slice(at) + end + lines(form.giving),
  };
}

/** Absent when only package.json speaks of Playwright. */
function configFile(runners: readonly FoundRunner[]): string | undefined {
  return runners.find(({ evidence }) => evidence.startsWith('playwright.config.'))?.evidence;
}
