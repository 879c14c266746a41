import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { UsageError } from '@firstchance/model';
import { runCommand } from '@firstchance/session';
import { Command } from 'commander';
import { addOptions } from '../options/commander.ts';
import { invocation } from '../options/invocation.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { CliContext } from '../ports.ts';
import { writeReports } from '../report/write-reports.ts';
import { servingListener } from '../serve/serve-run.ts';
import { RunReporter } from '../terminal/run-reporter.ts';
import { shownPath } from '../terminal/shown-path.ts';

export function runCommandLine(context: CliContext, finish: (code: number) => void): Command {
  const command = new Command('run')
    .summary('Run a command and capture what goes wrong in its .NET processes.')
    .description('Runs a command; captures its .NET processes when something goes wrong.')
    .usage('[options] [--] COMMAND [ARGUMENTS…]')
    .argument('[command...]')
    .passThroughOptions();
  return addOptions(command, 'run').action(async (words: string[]) => {
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
    const plan = {
      ...{ options, sessionId: folder.id, folder: folder.path, shared: folder.sharedWith.length > 0 },
      ...{ command: words, versions: { firstchance: context.version, node: process.versions.node } },
    };
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
    const report = await writeReports(folder.path, context.ports.reportPage, (sentence) => reporter.line(sentence));
    reporter.end(end, shown, report && shownPath(context.folder, report));
    retainSessions(folder.path, options.keepSessions);
    finish(end.exitCode);
  });
}
