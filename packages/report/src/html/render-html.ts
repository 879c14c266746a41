import type { ReadModel } from '../read-model/read-model.ts';
import { embed } from './embed.ts';
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
