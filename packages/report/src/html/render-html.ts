import type { ReadModel } from '../read-model/read-model.ts';
import { makePageData } from './make-page-data.ts';

/** Stands in the built page where the data goes. */
export const DATA_MARK = '"FIRSTCHANCE_REPORT_DATA"';

/**
 * The report as one HTML file.
 * @param template the built page of packages/report-html
 * @throws Error when the template has no place for the data
 */
export function renderHtml(model: ReadModel, template: string): string {
  const at = template.indexOf(DATA_MARK);
  if (at < 0) throw new Error('the page of the report has no place for its data: build packages/report-html again');
  return `${template.slice(0, at)}${embed(makePageData(model))}${template.slice(at + DATA_MARK.length)}`;
}

/**
 * JSON that is harmless inside a <script> element: no "<", so no "</script" or "<!--" (HTML, 13.2.5.4), no ">" or "&", and
 * none of the separators that JavaScript once took for line ends. What JSON.parse gives is the same.
 */
export function embed(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
