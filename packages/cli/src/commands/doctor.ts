import type { Engine, ProcessFacts } from '@firstchance/engine';
import { advice } from '@firstchance/model';
import { harmless } from '@firstchance/report';
import { processName, readCommandLine, readEnvironment } from '@firstchance/target';
import type { Command } from 'commander';
import { StopSignals } from '../check/stop-signals.ts';
import { runControls } from '../doctor/controls.ts';
import { switchFindings } from '../doctor/diagnostics-switch.ts';
import { type Finding, machineFindings, noEngineHere, readMachineFacts } from '../doctor/machine.ts';
import { type Method, machineMethods, processFindings, processMethods } from '../doctor/process.ts';
import { explain } from '../explain.ts';
import { givenOptions } from '../options/commander.ts';
import { commonFlags } from '../options/invocation.ts';
import type { Action, CliContext, Invoked } from '../ports.ts';
import { peopleStyle, print } from '../terminal/print.ts';
import { requirePid } from './pid.ts';

export function doctorAction({ command, context, finish }: Invoked): Action {
  return async (text: string | undefined) => {
    const pid = text === undefined ? undefined : requirePid(text);
    if (givenOptions(command).controls === true) return finish(await controls(context, command, pid));
    const { methods, problems, about } = await examine(context, pid);
    if (commonFlags(command).json) context.stdout.write(`${JSON.stringify({ schema: 1, methods, problems })}\n`);
    else print(context.stdout, context.environment, render(context, about, methods, problems));
    finish(methods.some(({ available }) => available) ? 0 : 93);
  };
}

/** Growth checks of which the answer is known. @returns the exit code: 93 when they do not work here */
async function controls(context: CliContext, command: Command, pid: number | undefined): Promise<number> {
  const tell = (text: string) => void context.stderr.write(`${text}\n`);
  using signals = new StopSignals((signal) => tell(`${signal}: ending the controls`));
  const request = { pid, environment: context.environment, signal: signals.signal, tell };
  const results = (await signals.outcome(runControls(request))) ?? [];
  // What was interrupted proves nothing, either way.
  if (signals.exitCode !== undefined) return signals.exitCode;
  const { paint } = peopleStyle(context.stdout, context.environment);
  if (commonFlags(command).json) context.stdout.write(`${JSON.stringify({ schema: 1, controls: results })}\n`);
  else {
    for (const { name, proved, what } of results)
      context.stdout.write(
        `${proved ? paint.green('proved') : paint.red('FAILED')}  ${name.padEnd(6)} ${harmless(what)}\n`,
      );
  }
  return results.every(({ proved }) => proved) ? 0 : 93;
}

async function examine(
  context: CliContext,
  pid: number | undefined,
): Promise<{ methods: Method[]; problems: Finding[]; about: string[] }> {
  const facts = readMachineFacts(context.folder);
  const problems = machineFindings(facts);
  const container = facts.container === undefined ? '' : `, in ${facts.container}`;
  const libc = facts.libc === 'musl' ? 'musl' : `glibc ${facts.glibcVersion ?? '?'}`;
  const about = [`${facts.platform} ${facts.architecture}, ${libc}${container}, Node ${process.versions.node}`];
  problems.push(...switchFindings(new Map(definedEntries(context.environment)), 'the commands started from here'));
  const engine = await openEngine(context);
  if ('finding' in engine) {
    if (noEngineHere(facts) === undefined) problems.push(engine.finding);
    return { methods: machineMethods(facts, engine.finding.what), problems, about };
  }
  await using opened = engine.engine;
  about.push(`engine ${opened.hello.version}, agent ${opened.hello.agentPath}`);
  if (pid === undefined) return { methods: machineMethods(facts, undefined), problems, about };
  const process_ = await opened.inspectProcess(pid);
  about.push(describeProcess(process_));
  const environment = readEnvironment(pid);
  if (environment) problems.push(...switchFindings(environment, `${processName(readCommandLine(pid))} (pid ${pid})`));
  problems.push(...processFindings(process_, facts.uid));
  const socket = (await context.ports.listDotnet()).some((candidate) => candidate.pid === pid && candidate.hasSocket);
  return { methods: processMethods(process_, socket), problems, about };
}

async function openEngine(context: CliContext): Promise<{ engine: Engine } | { finding: Finding }> {
  try {
    return { engine: await context.ports.openEngine() };
  } catch (error) {
    const { what, why, cure } = error as { what?: string; why?: string; cure?: string };
    const sentence = what && why ? `${what}: ${why}` : explain(error).text;
    return {
      finding: { what: sentence, cure: cure ?? "dumps by the runtime's createdump still work: firstchance dump PID" },
    };
  }
}

function describeProcess({ pid, name: short, commandLine, runtime, uid }: ProcessFacts): string {
  const name = commandLine.length > 0 ? processName(commandLine) : short;
  const kind =
    runtime.kind === 'none'
      ? 'no .NET'
      : runtime.kind === 'unknown'
        ? 'its runtime is not known'
        : `.NET ${runtime.version || '?'} (${runtime.kind}, ${runtime.libc || 'libc not known'})`;
  return `${name} (pid ${pid}, user ${uid}): ${kind}`;
}

function render(
  context: CliContext,
  about: readonly string[],
  methods: readonly Method[],
  problems: readonly Finding[],
): string[] {
  const { paint, reader } = peopleStyle(context.stdout, context.environment);
  const lines = about.map(harmless);
  for (const { captureMethod, available, why } of methods) {
    const mark = available ? paint.green('yes') : paint.red('no ');
    lines.push(
      `${mark}  ${captureMethod.padEnd(10)} ${METHODS[captureMethod] ?? ''}${why === '' ? '' : `: ${harmless(why)}`}`.trimEnd(),
    );
  }
  for (const { what, cure } of problems)
    lines.push(`${paint.red('problem:')} ${harmless(what)}`, `  ${advice(harmless(cure), reader)}`);
  if (problems.length === 0) lines.push(paint.green('no problems found'));
  return lines;
}

const METHODS: Readonly<Record<string, string>> = {
  clone: 'copy-on-write snapshot, a pause of milliseconds',
  copy: 'memory copied in the pause',
  stop: 'stopped while the dump is written',
  createdump: "the runtime's own, stopped for seconds",
};

function definedEntries(environment: NodeJS.ProcessEnv): [string, string][] {
  return Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
}
