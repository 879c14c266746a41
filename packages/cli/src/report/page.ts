import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FirstchanceError } from '@firstchance/model';
import { packageFile } from '../package-file.ts';

/** The built page of the report, into which the data goes. @throws FirstchanceError `page-missing` */
export function readReportPage(): string {
  try {
    return readFileSync(pageFile(), 'utf8');
  } catch (cause) {
    const explanation = {
      code: 'page-missing',
      what: 'Reading the page of the report',
      why: 'it is not there',
      cure: 'Install firstchance again, or in a clone run npm run build.',
    };
    throw new FirstchanceError(explanation, { cause });
  }
}

/** In what is published the page is a file of ours; in a clone it is where its own package builds it. */
function pageFile(): string {
  const published = packageFile('page', 'report.html');
  return existsSync(published)
    ? published
    : createRequire(import.meta.url).resolve('@firstchance/report-html/page.html');
}
