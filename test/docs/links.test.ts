import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/* Every link in the documents leads somewhere: files of this repository, headings in them. The network is not asked. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOT_OURS = /(^|\/)(node_modules|dist|build|bin|obj|\.runs|\.cache|\.firstchance)\//;

const documents = ['', 'docs', 'packages', 'adapters', 'test', 'fixtures', 'bench']
  .flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: folder !== '', encoding: 'utf8' }).map((file) =>
      path.join(folder, file),
    ),
  )
  .filter((file) => file.endsWith('.md') && !NOT_OURS.test(file));

/** The text without code, in which brackets mean nothing. */
const prose = (text: string) => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** Targets of links, images, reference definitions and HTML. */
function links(text: string): string[] {
  const found = [
    ...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...prose(text).matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...prose(text).matchAll(/\b(?:href|src|srcset)="([^"\s]+)/g),
  ];
  return found.map(([, target = '']) => target);
}

/** Names of the headings, as GitHub makes them. */
function anchors(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^```.*?^```/gms, '');
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

test.each(documents)('%s', (document) => {
  const file = path.join(root, document);
  const broken = links(readFileSync(file, 'utf8')).filter((link) => {
    if (/^[a-z]+:/.test(link)) return !/^(https:\/\/[\w.-]+\.[a-z]+(\/|$)|mailto:)/.test(link);
    const [target = '', anchor] = link.split('#');
    const place = target === '' ? file : path.join(path.dirname(file), decodeURI(target));
    if (!existsSync(place)) return true;
    return anchor !== undefined && !anchors(place).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('the README is among them, and its links were found', () => {
  expect(documents).toContain('README.md');
  expect(links(readFileSync(path.join(root, 'README.md'), 'utf8')).length).toBeGreaterThan(5);
});
