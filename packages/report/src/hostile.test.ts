// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { annotations } from './annotations/annotations.ts';
import { renderSarif } from './annotations/sarif.ts';
import { workflowCommands } from './annotations/workflow-commands.ts';
import { makePageData } from './html/make-page-data.ts';
import { DATA_MARK, renderHtml } from './html/render-html.ts';
import { renderMarkdown } from './markdown/summary-markdown.ts';
import { HOSTILE } from './testing/hostile.ts';
import { sessionOf } from './testing/models.ts';
import { renderJunit } from './testing/render-junit.ts';
import { byteLength } from './text/limit.ts';

/** What acts by itself in a terminal, a browser's text or a file name: all controls but the line break, bidirectional and invisible marks. */
const ACTING =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])/;
const TEMPLATE = `<html><script type="application/json" id="report-data">${DATA_MARK}</script><script>go()</script></html>`;
const megabyte = ['a megabyte', 'long <b>word</b> '.repeat(65_000)] as const;

describe.each([...HOSTILE, megabyte])('%s', (_name, text) => {
  const model = sessionOf(text);

  it('does nothing in Markdown', () => {
    const markdown = renderMarkdown(model);
    expect(markdown).not.toMatch(ACTING);
    expect(byteLength(markdown)).toBeLessThan(900_000);
    // The only tags are ours; everything foreign is inside of code or a sentence without a single active character.
    const tags = new Set([...markdown.matchAll(/<\/?([^\s>]*)/g)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !['code', 'pre', 'details', 'summary', 'br'].includes(tag ?? ''))).toEqual([]);
    for (const tag of ['code', 'pre', 'details', 'summary']) {
      const times = (pattern: string) => markdown.split(pattern).length - 1;
      expect(times(`<${tag}>`), tag).toBe(times(`</${tag}>`));
    }
    const outside = markdown.replaceAll(/<(code|pre)>[\s\S]*?<\/\1>/g, '').replaceAll(/&#\d+;/g, '');
    expect(outside).not.toMatch(/[@`$]|:\/\/|\]\(|javascript:|www\./);
  });

  it('is one well-formed document of JUnit XML with the same cases as ever', () => {
    const xml = renderJunit(model);
    expect(xml).not.toMatch(ACTING);
    expect(XMLValidator.validate(xml)).toBe(true);
    const document = new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => /testsuite$|testcase$/.test(name),
    }).parse(xml) as {
      testsuites: { '@_tests': string; '@_failures': string; testsuite: { testcase: unknown[] }[] };
    };
    expect(document.testsuites).toMatchObject({ '@_tests': '3', '@_failures': '3' });
    expect(document.testsuites.testsuite.map(({ testcase }) => testcase.length)).toEqual([1, 1, 1]);
    expect(byteLength(xml)).toBeLessThan(100_000);
  });

  it('is one line per annotation, and no other command', () => {
    const lines = workflowCommands(annotations(model, '/src'));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toMatch(ACTING);
      expect(line).not.toContain('\n');
      expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:]*,)?(?:line=\d+,)?title=[^,:]*::/);
      expect(line.length).toBeLessThan(3000);
    }
  });

  it('is valid JSON of SARIF, with no file outside of the sources', () => {
    const sarif = renderSarif(model, '/src', '1.0.0');
    const { runs } = JSON.parse(sarif) as {
      runs: { results: { locations?: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    };
    expect(runs[0]?.results).toHaveLength(3);
    expect(sarif).not.toMatch(ACTING);
    for (const { locations = [] } of runs[0]?.results ?? [])
      for (const { physicalLocation } of locations)
        expect(physicalLocation.artifactLocation.uri).not.toMatch(/^\/|\.\.|:/);
  });

  it('stays inside of its script element in HTML, and is the same data there', () => {
    const html = renderHtml(model, TEMPLATE);
    const [before = '', after = ''] = TEMPLATE.split(DATA_MARK);
    expect(html.startsWith(before) && html.endsWith(after)).toBe(true);
    const data = html.slice(before.length, html.length - after.length);
    expect(data).not.toMatch(/[<>&\u2028\u2029]/);
    expect(data).not.toMatch(ACTING);
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(makePageData(model))));
    expect(byteLength(html)).toBeLessThan(200_000);
  });
});

it('any text at all is harmless in every renderer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const model = sessionOf(text);
      const [data = ''] = renderHtml(model, DATA_MARK).split('\n');
      expect(XMLValidator.validate(renderJunit(model))).toBe(true);
      expect(data).not.toMatch(/[<>&]/);
      for (const rendered of [
        renderMarkdown(model),
        renderJunit(model),
        data,
        ...workflowCommands(annotations(model, '/')),
      ])
        expect(rendered).not.toMatch(ACTING);
    }),
    { numRuns: 40 },
  );
});
