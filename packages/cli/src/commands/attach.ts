import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { attachToProcess } from '@firstchance/session';
import { invocation } from '../options/invocation.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, Invoked } from '../ports.ts';
import { completeReport, picturesBudgetMs } from '../report/complete-report.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import { shownPath } from '../terminal/shown-path.ts';
import { requirePid } from './pid.ts';

export function attachAction({ command, context, finish }: Invoked): Action {
  return async (text: string) => {
    const pid = requirePid(text);
    const { given, common } = await invocation(command, context);
    const options = sessionOptions(given);
    using folder = makeSessionFolder(context.folder, options.folder);
    const reporter = new RunReporter(context.stderr, context.environment, {
      ...common,
      json: common.json ? context.stdout : undefined,
    });
    const end = await attachToProcess({
      plan: sessionPlan({ options, folder, version: context.version }, ['attach', text]),
      ...{ ports: context.ports.session, listener: reporter, pid },
    });
    const say = (sentence: string) => reporter.line(sentence);
    const report = await completeReport(context, folder.path, say, picturesBudgetMs(end.exitCode));
    reporter.end(end, shownPath(context.folder, folder.path), report && shownPath(context.folder, report));
    retainSessions(folder.path, options.keepSessions);
    finish(end.exitCode);
  };
}
