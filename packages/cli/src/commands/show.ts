import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Engine } from '@firstchance/engine';
import { readCaptureDetail } from '@firstchance/manifest';
import type { CaptureDetail } from '@firstchance/model';
import { UsageError } from '@firstchance/model';
import { showCapture, showDump } from '@firstchance/report';
import { addSourceLines } from '@firstchance/session';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function showAction({ command, context, finish }: Invoked): Action {
  return async (file: string) => {
    const path = resolve(context.folder, file);
    if (!existsSync(path)) throw new UsageError(`there is no file or folder ${file}`);
    const json = commonFlags(command).json;
    const all = command.opts<{ all?: boolean }>().all === true;
    const details = statSync(path).isDirectory() || basename(path) === 'capture.json' ? readDetails(path, file) : [];
    if (details.length > 0) {
      const style = peopleStyle(context.stdout, context.environment);
      const documents = details.map(({ detail }) => detail);
      const lines = details.flatMap(({ detail, session }, index) => [
        ...(index > 0 ? [''] : []),
        ...showCapture(detail, style, {
          sessionFolder: shownPath(context.folder, session),
          sourceRoot: context.folder,
          all,
        }),
      ]);
      if (json) context.stdout.write(`${JSON.stringify(documents.length === 1 ? documents[0] : documents)}\n`);
      else print(context.stdout, context.environment, lines);
    } else await showCore(context, path, { json, all });
    finish(0);
  };
}

async function showCore(
  context: CliContext,
  path: string,
  { json, all }: { json: boolean; all: boolean },
): Promise<void> {
  await using engine: Engine = await context.ports.openEngine();
  const facts = await engine.inspectDump(path);
  const { threads, awaiting } = await addSourceLines(
    { exception: null, threads: facts.threads, awaiting: facts.awaiting ?? [] },
    context.ports.session.locator,
  );
  const exceptions = await Promise.all(
    facts.exceptions.map(async ({ osThreadId, ...exception }) => {
      const sourced = await addSourceLines({ exception, threads: [], awaiting: [] }, context.ports.session.locator);
      return sourced.exception ? [{ ...sourced.exception, osThreadId }] : [];
    }),
  );
  const document = {
    ...{
      schema: 1,
      runtime: facts.runtime?.version ?? null,
      architecture: facts.architecture,
      pid: facts.pid,
      name: facts.name,
    },
    ...{
      threads,
      exceptions: exceptions.flat(),
      awaiting,
      topTypes: facts.topTypes,
      modules: facts.modules,
      notes: facts.notes,
    },
  };
  const style = peopleStyle(context.stdout, context.environment);
  if (json) context.stdout.write(`${JSON.stringify(document)}\n`);
  else print(context.stdout, context.environment, showDump(document, style, { all }));
}

interface Found {
  readonly detail: CaptureDetail;
  readonly session: string;
}

/** Captures in a capture's folder or in a session's. @throws UsageError when there are none */
function readDetails(path: string, shown: string): Found[] {
  const folder = basename(path) === 'capture.json' ? dirname(path) : path;
  if (existsSync(join(folder, 'capture.json')))
    return [{ detail: readDetail(folder), session: dirname(dirname(folder)) }];
  const captures = join(folder, 'captures');
  const names = existsSync(captures) ? readdirSync(captures).sort() : [];
  const found = names.filter((name) => existsSync(join(captures, name, 'capture.json')));
  if (found.length === 0)
    throw new UsageError(`${shown} holds no captures; give a session's folder, a capture's folder or a core file`);
  return found.map((name) => ({ detail: readDetail(join(captures, name)), session: folder }));
}

/** @throws UsageError that says why it cannot be read */
function readDetail(folder: string): CaptureDetail {
  const read = readCaptureDetail(folder);
  if (typeof read === 'string') throw new UsageError(`${folder}: ${read}`);
  return read.value;
}
