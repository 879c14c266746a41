import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { warning } from '@actions/core';
import { errorText } from '@firstchance/model';
import type { ReadModel } from '@firstchance/report';
import { readResults } from '../results/read-results.ts';
import { annotationCommands } from '../results/write-annotations.ts';
import { writeOutputs } from '../results/write-outputs.ts';
import { writeSummary } from '../results/write-summary.ts';
import type { StepContext } from '../step/step-context.ts';
import { type Published, publish } from '../upload/publish.ts';
import { command } from './firstchance.ts';
import { teller } from './tell.ts';

export interface Finished {
  /** Undefined: the session could not be read; that has been told. */
  readonly model: ReadModel | undefined;
  readonly published: Published;
}

const NOTHING: Published = { dumps: undefined, report: undefined, notes: [] };

/**
 * Tells everything a session has found: annotations, artifacts, summary, outputs. Never throws for what a session lacks.
 * @param notes what came before, one harmless sentence each
 */
export async function finish(
  context: StepContext,
  session: string,
  { exitCode, notes = [] }: { exitCode?: number; notes?: readonly string[] } = {},
): Promise<Finished> {
  const told = [...notes];
  const tell = teller(told);
  let model: ReadModel | undefined;
  try {
    model = await readResults(session);
    if (!existsSync(join(session, 'report.html'))) await command(context, ['report', session]);
  } catch (error) {
    tell(errorText(error));
  }
  if (model && context.inputs.annotations)
    for (const line of annotationCommands(model, context.job.workspace)) process.stdout.write(`${line}\n`);
  const published = model ? await publish(context, model, session) : NOTHING;
  if (context.inputs.summary) {
    const missing = writeSummary(model, [...artifactNotes(published), ...[...told, ...published.notes].map(asQuote)]);
    if (missing !== undefined) warning(missing, { title: 'firstchance' });
  }
  const report = join(session, 'report.html');
  writeOutputs({
    ...{ session, model, exitCode, dumps: published.dumps, reportArtifact: published.report },
    report: existsSync(report) ? report : undefined,
  });
  return { model, published };
}

function artifactNotes({ dumps, report }: Published): string[] {
  return [report, dumps].flatMap((artifact) =>
    artifact === undefined || artifact.url === '' ? [] : [`📦 <a href="${artifact.url}">${artifact.name}</a>`],
  );
}

/** Text of ours with names of files and variables in it: as Markdown it must mean nothing. */
function asQuote(sentence: string): string {
  return `> ⚠️ ${sentence.replace(/[&<>"'`*_[\]()|\\~^:@#$!{}=]/g, (one) => `&#${one.charCodeAt(0)};`)}`;
}
