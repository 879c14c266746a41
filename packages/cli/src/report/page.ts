import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FirstchanceError } from '@firstchance/model';

/** The built page of the report, into which the data goes. @throws FirstchanceError `page-missing` */
export function readReportPage(): string {
  try {
    return readFileSync(createRequire(import.meta.url).resolve('@firstchance/report-html/page.html'), 'utf8');
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
