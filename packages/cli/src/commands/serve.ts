import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { serve } from '@firstchance/protocol/server';
import { invocation } from '../options/invocation.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, Invoked } from '../ports.ts';
import { operationOf } from '../serve/operation.ts';
import { ownerGone } from '../serve/owner-gone.ts';
import { serverTexts } from '../serve/texts.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function serveAction({ command, context, finish }: Invoked): Action {
  return async () => {
    const { given } = await invocation(command, context);
    // The deadline of a test is its own limit, as its runner tells it.
    const { perTestDeadline: _of_run, detached, ...values } = given;
    const options = sessionOptions(values);
    using folder = makeSessionFolder(context.folder, options.folder);
    using gone = ownerGone(detached === true ? undefined : process.stdin);
    const { FIRSTCHANCE_LOG: logFile } = context.environment;
    const end = await serve({
      plan: {
        ...{ options, sessionId: folder.id, folder: folder.path, shared: folder.sharedWith.length > 0 },
        ...{ command: ['serve'], versions: { firstchance: context.version, node: process.versions.node } },
      },
      ...{ ports: context.ports.session, environment: context.environment, ownerGone: gone.signal },
      texts: serverTexts(shownPath(context.folder, folder.path)),
      // Loaded with the first check: most sessions have none, and all must start soon.
      judging: async (asked) => (await import('../serve/judging.ts')).judgingOf(values, asked, context.folder),
      operation: (text) => operationOf(text, values),
      endReason: detached === true ? 'the job has ended' : 'the test runner is gone',
      onReady: (ready) => context.stdout.write(`${JSON.stringify(ready)}\n`),
      ...(logFile ? { logFile } : {}),
    });
    retainSessions(folder.path, options.keepSessions);
    finish(end.exitCode);
  };
}
