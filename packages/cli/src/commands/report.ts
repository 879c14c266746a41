import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readManifest, SESSIONS_FOLDER } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import {
  annotations,
  Junit,
  NO_LIMITS,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderSarif,
  workflowCommands,
} from '@firstchance/report';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { completeReport } from '../report/complete-report.ts';
import { FileSpool } from '../report/file-spool.ts';
import { readJunit, readReport } from '../report/read-report.ts';
import { shownPath } from '../terminal/shown-path.ts';

/** Gives the text piece by piece. */
type Form = (folder: string, context: CliContext) => AsyncIterable<string>;

const FORMS: Readonly<Record<string, Form>> = {
  html: async function* (folder, { ports }) {
    yield renderHtml(await readReport(folder), ports.reportPage());
  },
  markdown: async function* (folder) {
    yield renderMarkdown(await readReport(folder));
  },
  junit: async function* (folder) {
    using spool = new FileSpool();
    const junit = new Junit(spool);
    await readJunit(folder, junit);
    yield* junit.document();
  },
  sarif: async function* (folder, context) {
    yield renderSarif(await readReport(folder), sourceRoot(context), context.version);
  },
  annotations: async function* (folder, context) {
    const commands = workflowCommands(annotations(await readReport(folder), sourceRoot(context)));
    if (commands.length > 0) yield `${commands.join('\n')}\n`;
  },
  json: async function* (folder) {
    yield* renderJson(await readReport(folder, { limits: NO_LIMITS }));
  },
};

export function reportAction({ command, context, finish }: Invoked): Action {
  return async (given: string | undefined) => {
    const folder = sessionFolder(context, given);
    const flags: Record<string, unknown> = { ...command.opts(), json: commonFlags(command).json };
    const forms = Object.keys(FORMS).filter((name) => flags[name] === true);
    if (forms.length > 1)
      throw new UsageError(`one form at a time goes to standard output, not ${forms.join(' and ')}`);
    const form = FORMS[forms[0] ?? ''];
    if (form === undefined) return await toFolder(context, folder, flags.open === true, finish);
    for await (const piece of form(folder, context)) context.stdout.write(piece);
    finish(0);
  };
}

async function toFolder(
  context: CliContext,
  folder: string,
  open: boolean,
  finish: (code: number) => void,
): Promise<void> {
  // What cannot be read at all is an error of its own kind; what cannot be written is told per file.
  for await (const _line of readManifest(folder)) break;
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
