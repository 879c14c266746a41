import { appendFileSync } from 'node:fs';
import { errorText } from '@firstchance/model';
import { type ReadModel, renderMarkdown, SUMMARY_BYTES } from '@firstchance/report';

/** Room for what the action itself adds. */
const OWN_BYTES = 20_000;

/**
 * Appends the report to the job's summary, below the limit at which GitHub refuses it.
 * @param notes Markdown paragraphs about what was uploaded and what was not
 * @returns why it could not be written; undefined when it was
 */
export function writeSummary(model: ReadModel | undefined, notes: readonly string[]): string | undefined {
  const path = process.env.GITHUB_STEP_SUMMARY;
  if (!path) return 'the summary was not written: GITHUB_STEP_SUMMARY is not set';
  const report = model === undefined ? '## ⚠️ firstchance\n' : renderMarkdown(model, SUMMARY_BYTES - OWN_BYTES);
  let added = '';
  for (const note of notes) if (Buffer.byteLength(added + note) < OWN_BYTES - 100) added += `\n${note}\n`;
  try {
    appendFileSync(path, `${report}${added}\n`);
    return undefined;
  } catch (error) {
    return `the summary was not written: ${errorText(error)}`;
  }
}
