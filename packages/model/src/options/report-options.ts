import type { OptionDefinition } from './definition.ts';

const form = (name: string, description: string): OptionDefinition => ({
  ...{ name, description, type: 'switch', default: false, group: 'Output' },
  ...{ commands: ['report'], commandLineOnly: true },
});

/** In which form `report` writes; without any of them all files are written into the session folder. */
export const REPORT_OPTIONS: readonly OptionDefinition[] = [
  form('html', 'The report as one HTML file, to standard output.'),
  form('markdown', 'A summary for a CI job as Markdown, to standard output.'),
  form('junit', 'Checks and tests as JUnit XML, to standard output.'),
  form('sarif', 'Findings as SARIF 2.1.0 for code scanning, to standard output.'),
  form('annotations', "GitHub's workflow commands (::error ...), to standard output."),
  form('open', 'Write report.html and open it in the browser.'),
];
