import { setOutput } from '@actions/core';
import { harmless, type ReadModel } from '@firstchance/report';
import { OUTPUTS, type OutputName } from '../inputs/outputs.ts';
import type { UploadedArtifact } from '../upload/artifact-store.ts';

export interface Results {
  readonly session: string;
  readonly report: string | undefined;
  readonly model: ReadModel | undefined;
  readonly exitCode: number | undefined;
  readonly dumps: UploadedArtifact | undefined;
  readonly reportArtifact: UploadedArtifact | undefined;
}

export function writeOutputs(results: Results): void {
  const values = outputsOf(results);
  for (const name of Object.keys(OUTPUTS) as OutputName[]) setOutput(name, values[name]);
}

function outputsOf({ session, report, model, exitCode, dumps, reportArtifact }: Results): Record<OutputName, string> {
  const count = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    verdict: model?.outcome.verdict ?? '',
    'exit-code': count(exitCode ?? model?.outcome.exitCode ?? undefined),
    captures: count(model?.totals.captures),
    checks: count(model?.totals.checks),
    'failed-checks': count(model?.totals.failedChecks),
    problems: count(model?.totals.problems),
    session: harmless(session),
    report: harmless(report ?? ''),
    'artifact-id': count(dumps?.id),
    'artifact-url': dumps?.url ?? '',
    'artifact-digest': dumps?.digest ?? '',
    'report-artifact-id': count(reportArtifact?.id),
    'report-artifact-url': reportArtifact?.url ?? '',
    'report-artifact-digest': reportArtifact?.digest ?? '',
  };
}
