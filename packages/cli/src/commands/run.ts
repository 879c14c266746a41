import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import { runCommand } from '@firstchance/session';
import { invocation } from '../options/invocation.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, Invoked } from '../ports.ts';
import { completeReport, picturesBudgetMs } from '../report/complete-report.ts';
import { servingListener } from '../serve/serve-run.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function runAction({ command, context, finish }: Invoked): Action {
  return async (words: string[]) => {
    if (words.length === 0)
      throw new UsageError('no command was given; write it last: firstchance run [options] -- COMMAND');
    const { given, common } = await invocation(command, context);
    // A process that we did not start is never ended: only this command does.
    const options = { ...sessionOptions(given), onHang: given.onHang === 'wait' ? 'wait' : 'end' } as const;
    using folder = makeSessionFolder(context.folder, options.folder);
    const shown = shownPath(context.folder, folder.path);
    const reporter = new RunReporter(context.stderr, context.environment, {
      ...common,
      json: common.json ? context.stdout : undefined,
    });
    const plan = sessionPlan({ options, folder, version: context.version }, words);
    const end = await runCommand({
      ...{ plan, ports: context.ports.session },
      listener: servingListener(reporter, { context, plan, values: given, shown }),
      ...{
        environment: context.environment,
        workingFolder: context.folder,
        stdout: common.json ? 'stderr' : 'inherit',
      },
      ...(context.environment.FIRSTCHANCE_LOG ? { logFile: context.environment.FIRSTCHANCE_LOG } : {}),
    });
    const say = (sentence: string) => reporter.line(sentence);
    const report = await completeReport(context, folder.path, say, picturesBudgetMs(end.exitCode));
    reporter.end(end, shown, report && shownPath(context.folder, report));
    retainSessions(folder.path, options.keepSessions);
    finish(end.exitCode);
  };
}
