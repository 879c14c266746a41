import { join } from 'node:path';
import { writeWhole } from '@firstchance/manifest';
import { errorText } from '@firstchance/model';
import { harmless, Junit, type ReadModel, renderHtml, renderMarkdown } from '@firstchance/report';
import { FileSpool } from './file-spool.ts';
import { readReport } from './read-report.ts';

const REPORT_FILES = { html: 'report.html', markdown: 'summary.md', junit: 'junit.xml' } as const;

/**
 * Writes report.html, summary.md and junit.xml into a session folder, mode 0600, each whole or not at all. Never throws: the
 * session is what counts, and a report can be made again from it.
 * @param page gives the built page of the report
 * @param say told what could not be written
 * @param complete adds to the captures' files what is still missing
 * @returns path of report.html; undefined when there is none
 */
export async function writeReports(
  folder: string,
  page: () => string,
  say: (sentence: string) => void,
  complete: (model: ReadModel) => Promise<void> = async () => {},
): Promise<string | undefined> {
  using spool = new FileSpool();
  const junit = new Junit(spool);
  let model: ReadModel;
  try {
    model = await readReport(folder, { junit });
    await complete(model);
  } catch (error) {
    say(`problem: the report could not be made: ${reason(error)}`);
    return undefined;
  }
  const forms: Readonly<Record<keyof typeof REPORT_FILES, () => string | Iterable<string>>> = {
    html: () => renderHtml(model, page()),
    markdown: () => renderMarkdown(model),
    junit: () => junit.document(),
  };
  const written = Object.entries(REPORT_FILES).filter(([form, name]) => {
    try {
      writeWhole(join(folder, name), forms[form as keyof typeof REPORT_FILES]());
      return true;
    } catch (error) {
      say(`problem: ${name} could not be written: ${reason(error)}`);
      return false;
    }
  });
  return written.some(([form]) => form === 'html') ? join(folder, REPORT_FILES.html) : undefined;
}

function reason(error: unknown): string {
  return harmless(errorText(error));
}
