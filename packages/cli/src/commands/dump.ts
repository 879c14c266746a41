import { join } from 'node:path';
import { makeSessionFolder } from '@firstchance/manifest';
import { showCapture } from '@firstchance/report';
import { captureRecord, Session } from '@firstchance/session';
import { StopSignals } from '../check/stop-signals.ts';
import { invocation } from '../options/invocation.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import { shownPath } from '../terminal/shown-path.ts';
import { requirePid } from './pid.ts';

export function dumpAction({ command, context, finish }: Invoked): Action {
  return async (text: string) => {
    const pid = requirePid(text);
    const { given, common } = await invocation(command, context);
    const options = { ...sessionOptions({ ...given, count: 0 }), firstChance: false, unhandled: false };
    using folder = makeSessionFolder(context.folder, options.folder);
    const reporter = new RunReporter(context.stderr, context.environment, { ...common, quiet: true, json: undefined });
    await using session = await Session.open(
      sessionPlan({ options, folder, version: context.version }, ['dump', text]),
      context.ports.session,
      reporter,
      { agents: false },
    );
    // Half a dump is removed; a second signal ends us at once.
    using stop = new StopSignals(() => stop[Symbol.dispose]());
    const trigger = { kind: 'manual', detail: 'firstchance dump' } as const;
    const detail = await session.capture(pid, trigger, { signal: stop.signal });
    const code = detail ? 0 : (stop.exitCode ?? 93);
    await session.close(code, undefined, detail ? 'dumped' : `process ${pid} was not dumped`);
    if (detail && common.json) {
      context.stdout.write(`${JSON.stringify(captureRecord(detail))}\n`);
    } else if (detail) {
      const style = peopleStyle(context.stdout, context.environment);
      const shown = shownPath(context.folder, folder.path);
      const lines =
        common.quiet && detail.dump
          ? [join(folder.path, detail.dump.path)]
          : showCapture(detail, style, { sessionFolder: shown, sourceRoot: context.folder });
      print(context.stdout, context.environment, lines);
    }
    finish(code);
  };
}
