import { advice, normaliseArguments } from '@firstchance/model/options';
import { Command, CommanderError } from 'commander';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { usageText } from './explain-usage.ts';
import { fitHelp } from './fit-help.ts';
import { EXAMPLES } from './help.ts';
import { addOptions } from './options/commander.ts';
import type { CliPorts, Surroundings } from './ports.ts';
import { inLocale } from './terminal/characters.ts';
import { ownCommand } from './terminal/own-command.ts';

/** Gives the world outside to a command that runs; help and wrong usage need none of it. */
export type Connect = () => Promise<CliPorts>;

/**
 * Builds the command line; `finish` takes the exit code of the command that ran.
 * @param entries the commands that it knows: to declare all of them with their options takes longer than to parse one
 */
export function buildProgram(
  surroundings: Surroundings,
  connect: Connect,
  finish: (code: number) => void,
  entries: readonly CommandEntry[] = COMMANDS,
): Command {
  const helpWidth = (columns: number | undefined) => Math.min(columns ?? 100, 120);
  const examples = (name: string) => () => fitHelp(EXAMPLES[name] ?? '', helpWidth(surroundings.stdout.columns));
  const program = new Command('firstchance')
    .description('Small heap dumps of .NET processes at the moment something goes wrong in a test.')
    .version(surroundings.version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Teach this.')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText('after', examples('program'));
  const output = {
    writeOut: (text: string) => void surroundings.stdout.write(text),
    writeErr: (text: string) => void surroundings.stderr.write(text),
    getOutHelpWidth: () => helpWidth(surroundings.stdout.columns),
    getErrHelpWidth: () => helpWidth(surroundings.stderr.columns),
    // Errors are written once, by main(), in the one form all our errors have.
    outputError: () => {},
  };
  for (const entry of entries) {
    const command = declare(entry);
    command.action(async (...given: unknown[]) => {
      // The two last are commander's own: all options, and the command.
      const words = given.slice(0, -2) as never[];
      const loaded = await entry.load();
      const action =
        typeof loaded === 'function'
          ? loaded({ command, context: { ...surroundings, ports: await connect() }, finish })
          : loaded.early({ command, surroundings, connect, finish });
      await action(...words);
    });
    command.helpOption('-h, --help', 'Teach this.').addHelpText('after', examples(entry.name));
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) command.configureOutput(output).exitOverride();
  return program;
}

function declare({ name, summary, description, usage, words = [], passThrough }: CommandEntry): Command {
  const command = new Command(name).summary(summary).description(description);
  if (usage !== undefined) command.usage(usage);
  for (const [word, what] of words) command.argument(word, what);
  if (passThrough) command.passThroughOptions();
  return addOptions(command, name);
}

/** `firstchance help check` is `firstchance check --help`; of a command that is not there the usual is said. */
function asked(args: readonly string[], program: Command): readonly string[] {
  const [first, name] = args;
  if (first !== 'help') return args;
  if (name === undefined) return ['--help'];
  return program.commands.some((command) => command.name() === name) ? [name, '--help'] : [name];
}

/** Runs one command line. Never throws: trouble becomes one sentence on stderr and an exit code. */
export async function main(args: readonly string[], surroundings: Surroundings, connect: Connect): Promise<number> {
  let code = 0;
  const finish = (value: number) => {
    code = value;
  };
  const named = COMMANDS.filter(({ name }) => name === args[0]);
  const program = buildProgram(surroundings, connect, finish, named.length > 0 ? named : COMMANDS);
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return 64;
    }
    await program.parseAsync(normaliseArguments(asked(args, program)), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const usage = usageText(error, named[0]?.name);
    const { text, exitCode } =
      usage === undefined ? (await import('./explain.ts')).explain(error) : { text: usage, exitCode: 64 };
    const said = inLocale(advice(text, { command: ownCommand(), options: 'command line' }), surroundings.environment);
    surroundings.stderr.write(`firstchance: ${said}\n`);
    return exitCode;
  }
}
