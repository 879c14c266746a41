import type { ReadModel } from '../read-model/read-model.ts';
import { count } from '../text/count.ts';
import { type Annotation, annotations } from './annotations.ts';

/** What a code scanner's viewer takes in one run. */
const MOST_RESULTS = 5000;

/** SARIF 2.1.0 (OASIS): the same findings as the annotations, for code scanning. */
export function renderSarif(model: ReadModel, sourceRoot: string, version: string): string {
  const all = annotations(model, sourceRoot);
  const found = all.slice(0, MOST_RESULTS);
  const missing = leftOut(model, all.length - found.length);
  const rules = [...new Set(found.map(({ rule }) => rule))];
  const driver = {
    name: 'firstchance',
    version,
    rules: rules.map((id) => ({ id, shortDescription: { text: id.replaceAll('-', ' ') } })),
  };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, ...missing, results: found.map((annotation) => toResult(annotation, rules)) }],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** What is not among the results, as a notice of the tool (SARIF 2.1.0, 3.20.21); nothing when that is nothing. */
function leftOut({ totals, captures, checks, problems }: ReadModel, results: number): object {
  const listed = checks.filter(({ record }) => record.verdict !== 'PASS').length;
  const parts = [
    [results, 'result'] as const,
    [totals.notPassed - listed, 'growth check'] as const,
    [totals.captures - captures.length, 'capture'] as const,
    [totals.problems - problems.length, 'problem'] as const,
  ].flatMap(([number, what]) => (number > 0 ? [count(number, what)] : []));
  if (parts.length === 0) return {};
  const text = `left out, the least important first: ${parts.join(', ')}; all of it is in manifest.jsonl`;
  const notification = { level: 'note', message: { text } };
  return { invocations: [{ executionSuccessful: true, toolExecutionNotifications: [notification] }] };
}

function toResult({ level, rule, title, message, file, line, fingerprint }: Annotation, rules: readonly string[]) {
  const region = line === null ? {} : { region: { startLine: line } };
  const location = {
    physicalLocation: {
      artifactLocation: { uri: (file ?? '').split('/').map(encodeURIComponent).join('/') },
      ...region,
    },
  };
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: { text: message.startsWith(title) ? message : `${title}: ${message}` },
    ...(file === null ? {} : { locations: [location] }),
    ...(fingerprint === null ? {} : { partialFingerprints: { 'firstchance/v1': fingerprint } }),
  };
}
