/** Outputs of the action, in the order in which action.yml lists them. */
export const OUTPUTS = {
  verdict:
    'The worst verdict of the growth checks (PASS, LEAK, GROWS_WHILE_IDLE, INCONCLUSIVE, INFRASTRUCTURE_ERROR); empty when nothing was checked.',
  'exit-code':
    'Exit code of the command, or firstchance own one (90 leak, 91 grows while idle, 92 inconclusive, 93 could not be done).',
  captures: 'Number of captures.',
  checks: 'Number of growth checks.',
  'failed-checks': 'Number of growth checks that did not pass.',
  problems: 'Number of things that firstchance could not do.',
  session: 'Path of the session folder.',
  report: 'Path of report.html.',
  'artifact-id': 'Id of the artifact with the dumps; empty when there is none.',
  'artifact-url': 'Address of the artifact with the dumps.',
  'artifact-digest': 'SHA-256 of the artifact with the dumps.',
  'report-artifact-id': 'Id of the artifact with the report; empty when there is none.',
  'report-artifact-url': 'Address of the artifact with the report.',
  'report-artifact-digest': 'SHA-256 of the artifact with the report.',
} as const satisfies Readonly<Record<string, string>>;
export type OutputName = keyof typeof OUTPUTS;
