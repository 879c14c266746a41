import { normaliseArguments } from '@firstchance/model';
import { Command, CommanderError } from 'commander';
import { attachCommand } from './commands/attach.ts';
import { censusCommand } from './commands/census.ts';
import { checkCommand } from './commands/check.ts';
import { cleanCommand } from './commands/clean.ts';
import { decryptCommand } from './commands/decrypt.ts';
import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { dumpCommand } from './commands/dump.ts';
import { heapCommand } from './commands/heap.ts';
import { initCommand } from './commands/init.ts';
import { mergeCommand } from './commands/merge.ts';
import { pathCommand } from './commands/path.ts';
import { psCommand } from './commands/ps.ts';
import { reportCommand } from './commands/report.ts';
import { runCommandLine } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { unpackCommand } from './commands/unpack.ts';
import { explain } from './explain.ts';
import { fitHelp } from './fit-help.ts';
import { EXAMPLES } from './help.ts';
import type { CliContext } from './ports.ts';

/** Builds the whole command line; `finish` takes the exit code of the command that ran. */
export function buildProgram(context: CliContext, finish: (code: number) => void): Command {
  const helpWidth = (columns: number | undefined) => Math.min(columns ?? 100, 120);
  const examples = (name: string) => () => fitHelp(EXAMPLES[name] ?? '', helpWidth(context.stdout.columns));
  const program = new Command('firstchance')
    .description('Small heap dumps of .NET processes at the moment something goes wrong in a test.')
    .version(context.version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Teach this.')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText('after', examples('program'));
  const output = {
    writeOut: (text: string) => void context.stdout.write(text),
    writeErr: (text: string) => void context.stderr.write(text),
    getOutHelpWidth: () => helpWidth(context.stdout.columns),
    getErrHelpWidth: () => helpWidth(context.stderr.columns),
    // Errors are written once, by main(), in the one form all our errors have.
    outputError: () => {},
  };
  const commands = [
    runCommandLine,
    attachCommand,
    checkCommand,
    serveCommand,
    dumpCommand,
    censusCommand,
    psCommand,
    doctorCommand,
    unpackCommand,
    decryptCommand,
    showCommand,
    heapCommand,
    diffCommand,
    pathCommand,
    reportCommand,
    mergeCommand,
    initCommand,
    cleanCommand,
  ];
  for (const build of commands) {
    const command = build(context, finish);
    command.helpOption('-h, --help', 'Teach this.').addHelpText('after', examples(command.name()));
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) command.configureOutput(output).exitOverride();
  return program;
}

/** Runs one command line. Never throws: trouble becomes one sentence on stderr and an exit code. */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  let code = 0;
  const program = buildProgram(context, (value) => {
    code = value;
  });
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return 64;
    }
    await program.parseAsync(normaliseArguments(args), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { text, exitCode } = explain(error);
    context.stderr.write(`firstchance: ${text}\n`);
    return exitCode;
  }
}
