import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { checkTarget } from '@firstchance/session';
import { acceptance } from '../check/acceptance.ts';
import { StopSignals } from '../check/stop-signals.ts';
import { invocation } from '../options/invocation.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { checkOptions } from '../options/to-check.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, Invoked } from '../ports.ts';
import { completeReport, picturesBudgetMs } from '../report/complete-report.ts';
import { CheckReporter } from '../terminal/check-reporter.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function checkAction({ command, context, finish }: Invoked): Action {
  return async (words: string[]) => {
    const { given, common } = await invocation(command, context);
    const { target, operation, suppressions, baseline, writeBaseline, ...judging } = checkOptions(given, words);
    const { accept, warnings } = acceptance({ suppressions, baseline, writeBaseline }, context.folder);
    const options = sessionOptions(given);
    using folder = makeSessionFolder(context.folder, options.folder);
    const reporter = new CheckReporter(context.stderr, context.environment, { ...common, stdout: context.stdout });
    for (const warning of warnings) reporter.line(`warning: ${warning}`);
    let over = false;
    using signals = new StopSignals((signal) => {
      if (!over) reporter.line(`${signal}: ending the check and the program`);
    });
    const { FIRSTCHANCE_LOG: logFile } = context.environment;
    const checked = await checkTarget({
      plan: sessionPlan(
        { options, folder, version: context.version },
        target.kind === 'launch' ? target.command : ['check', '--attach', String(target.pid)],
      ),
      ...{ ports: context.ports.session, listener: reporter, target, operation },
      ...{ ...judging, accept, signal: signals.signal },
      ...{ environment: context.environment, workingFolder: context.folder },
      ...(logFile ? { logFile } : {}),
    });
    if (common.json) context.stdout.write(`${JSON.stringify(checked.finished.check)}\n`);
    // A check that was stopped ends with the code of its verdict, not with that of the signal.
    const budgetMs = signals.signal.aborted ? 0 : picturesBudgetMs(checked.end.exitCode);
    over = true;
    const report = await completeReport(context, folder.path, (sentence) => reporter.line(sentence), budgetMs);
    reporter.end(checked, shownPath(context.folder, folder.path), report && shownPath(context.folder, report));
    retainSessions(folder.path, options.keepSessions);
    finish(checked.end.exitCode);
  };
}
