import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SESSIONS_FOLDER } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import {
  annotations,
  type ReadModel,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderSarif,
  workflowCommands,
} from '@firstchance/report';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { completeReport } from '../report/complete-report.ts';
import { readReport } from '../report/read-report.ts';
import { shownPath } from '../terminal/shown-path.ts';

type Form = (model: ReadModel, context: CliContext) => string;

const FORMS: Readonly<Record<string, Form>> = {
  html: (model, { ports }) => renderHtml(model, ports.reportPage()),
  markdown: (model) => renderMarkdown(model),
  junit: (model) => renderJunit(model),
  sarif: (model, context) => renderSarif(model, sourceRoot(context), context.version),
  annotations: (model, context) => {
    const commands = workflowCommands(annotations(model, sourceRoot(context)));
    return commands.length === 0 ? '' : `${commands.join('\n')}\n`;
  },
  json: (model) => `${JSON.stringify({ schema: 1, ...model })}\n`,
};

export function reportAction({ command, context, finish }: Invoked): Action {
  return async (given: string | undefined) => {
    const folder = sessionFolder(context, given);
    const flags: Record<string, unknown> = { ...command.opts(), json: commonFlags(command).json };
    const forms = Object.keys(FORMS).filter((name) => flags[name] === true);
    if (forms.length > 1)
      throw new UsageError(`one form at a time goes to standard output, not ${forms.join(' and ')}`);
    const form = FORMS[forms[0] ?? ''];
    if (form) context.stdout.write(form(await readReport(folder), context));
    else await toFolder(context, folder, flags.open === true, finish);
    if (form) finish(0);
  };
}

async function toFolder(
  context: CliContext,
  folder: string,
  open: boolean,
  finish: (code: number) => void,
): Promise<void> {
  // What cannot be read at all is an error of its own kind; what cannot be written is told per file.
  await readReport(folder);
  const say = (sentence: string) => context.stderr.write(`firstchance: ${sentence}\n`);
  const path = await completeReport(context, folder, say, Number.POSITIVE_INFINITY);
  if (path === undefined) return finish(93);
  context.stdout.write(`${shownPath(context.folder, path)}\n`);
  if (open) openInBrowser(path, (why) => context.stderr.write(`firstchance: no browser could be opened (${why})\n`));
  finish(0);
}

/** @throws UsageError when there is no session */
function sessionFolder({ folder }: CliContext, given: string | undefined): string {
  const path = resolve(folder, given ?? join(SESSIONS_FOLDER, 'latest'));
  if (!existsSync(join(path, 'manifest.jsonl'))) {
    throw new UsageError(
      given === undefined
        ? 'there is no session in .firstchance here; name a session folder'
        : `${given} is no session folder: it has no manifest.jsonl`,
    );
  }
  return realpathSync(path);
}

/** Files are named relative to the checkout. */
function sourceRoot({ environment, folder }: CliContext): string {
  return environment.GITHUB_WORKSPACE ?? folder;
}

/** The desktop's own opener; the path is one argument, no shell sees it. */
function openInBrowser(path: string, failed: (why: string) => void): void {
  const child = spawn('xdg-open', [path], { stdio: 'ignore', detached: true });
  child.on('error', (error) => failed(error.message));
  child.unref();
}
