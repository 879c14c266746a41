/** Letters, digits and what joins them; the service refuses less, but names are shown in pages, logs and file systems. */
const FORBIDDEN = /[^\p{L}\p{N}._-]+/gu;
const LONGEST = 120;

export interface NameParts {
  /** The input artifact-name; empty for a name of our own. */
  readonly given: string;
  readonly job: string;
  /** JSON of the job's matrix; "null" without one. */
  readonly matrix: string;
  /** Number of the job in its matrix. */
  readonly jobIndex: string;
  readonly attempt: string;
}

/**
 * The name that a job's artifacts begin with: "firstchance-test-net10.0-ubuntu-3-1" (job, matrix, its number in the matrix, attempt).
 * Names are unique in a run, and no artifact can be replaced.
 */
export function artifactBase({ given, job, matrix, jobIndex, attempt }: NameParts): string {
  if (given !== '') return `${clean(given)}-${clean(attempt)}`;
  const values = matrixValues(matrix);
  const parts = ['firstchance', job, ...values, ...(values.length > 0 && /^\d+$/.test(jobIndex) ? [jobIndex] : [])];
  return `${clean(parts.join('-'))}-${clean(attempt)}`;
}

function clean(text: string): string {
  const name = text
    .replace(FORBIDDEN, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  return [...name].slice(0, LONGEST).join('') || 'firstchance';
}

function matrixValues(json: string): string[] {
  try {
    const matrix: unknown = JSON.parse(json);
    if (typeof matrix !== 'object' || matrix === null) return [];
    return Object.values(matrix)
      .filter((value) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(String)
      .filter((value) => value !== '')
      .map((value) => value.slice(0, 30));
  } catch {
    return [];
  }
}
