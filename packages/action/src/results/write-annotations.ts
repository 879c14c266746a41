import { type Annotation, annotations, type ReadModel, verdictRule, workflowCommands } from '@firstchance/report';

/** GitHub shows ten errors of a step; the one that fails the step is one of them. */
const MOST_ERRORS = 9;

/** The findings as workflow commands, one error per failed check; what does not fit is in the summary. */
export function annotationCommands(model: ReadModel, workspace: string): string[] {
  const all = onePerCheck(model, annotations(model, workspace));
  const errors = all.filter(({ level }) => level === 'error');
  return workflowCommands([...errors.slice(0, MOST_ERRORS), ...all.filter(({ level }) => level !== 'error')]);
}

/** A check has a remark for each thing that grows; the first names the worst. */
function onePerCheck({ checks }: ReadModel, all: readonly Annotation[]): Annotation[] {
  const rules = new Set(checks.map(({ record }) => verdictRule(record.verdict)));
  const seen = new Set<string>();
  return all.filter(({ rule, title }) => {
    if (!rules.has(rule)) return true;
    const key = `${rule} ${title}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
