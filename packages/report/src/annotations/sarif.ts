import type { ReadModel } from '../read-model/read-model.ts';
import { type Annotation, annotations } from './annotations.ts';

/** What a code scanner's viewer takes in one run. */
const MOST_RESULTS = 5000;

/** SARIF 2.1.0 (OASIS): the same findings as the annotations, for code scanning. */
export function renderSarif(model: ReadModel, sourceRoot: string, version: string): string {
  const found = annotations(model, sourceRoot).slice(0, MOST_RESULTS);
  const rules = [...new Set(found.map(({ rule }) => rule))];
  const driver = {
    name: 'firstchance',
    version,
    rules: rules.map((id) => ({ id, shortDescription: { text: id.replaceAll('-', ' ') } })),
  };
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results: found.map((annotation) => toResult(annotation, rules)) }],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
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
