import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** How a command is made to leave its test results where we find them. */
export interface TrxRequest {
  /** The command to start: the user's own, and what makes it write a TRX file. */
  readonly command: readonly string[];
  /** Files that begin like this were written for us; undefined: only those the user asked for. */
  readonly prefix?: string;
}

/** Settings with a TRX logger. */
const SETTINGS = /friendlyName\s*=\s*"trx"|TrxLogger/i;
/** Loggers of the project's own, and the older bridge to Microsoft.Testing.Platform, which warns of loggers. */
const PROPERTIES = /<VSTestLogger>|<TestingPlatformDotnetTestSupport>\s*true/i;
const MTP_TRX = 'Microsoft.Testing.Extensions.TrxReport';

/**
 * Adds a TRX report to `dotnet test` (VSTest: a logger more; Microsoft.Testing.Platform: --report-trx, where the project has
 * that extension) and to a test executable. Other commands, and those that have such a report already, stay as they are: VSTest
 * keeps one logger of a kind, so a second one would take the place of the user's.
 * @param name unique to the session, letters and digits
 */
export function requestTrx(command: readonly string[], folder: string, name: string): TrxRequest {
  const prefix = `firstchance-${name}`;
  const [program = '', ...args] = command;
  const own = args.slice(0, args.indexOf('--') < 0 ? args.length : args.indexOf('--'));
  if (args.some((argument) => /^--?report-trx/.test(argument))) return { command };
  const mtp = ['--report-trx', '--report-trx-filename', `${prefix}_{asm}_{tfm}_{pid}.trx`];
  if (basename(program) !== 'dotnet') {
    return hasExtension(dirname(resolve(folder, program))) && program.includes('/')
      ? { command: [...command, ...mtp], prefix }
      : { command };
  }
  const assembly = args[0] === 'exec' ? args[1] : args[0];
  if (assembly?.endsWith('.dll')) {
    return hasExtension(dirname(resolve(folder, assembly))) ? { command: [...command, ...mtp], prefix } : { command };
  }
  if (args[0] !== 'test') return { command };
  if (platformOf(folder) === 'Microsoft.Testing.Platform') {
    return projectHasExtension(own.slice(1), folder) ? { command: [...command, ...mtp], prefix } : { command };
  }
  if (hasTrxLogger(own, folder)) return { command };
  return { command: [program, 'test', '--logger', `trx;LogFilePrefix=${prefix}`, ...args.slice(1)], prefix };
}

/** The platform that global.json chooses for `dotnet test` (SDK 10). */
function platformOf(folder: string): string | undefined {
  const file = upwards(folder, 'global.json');
  return file && /"test"\s*:\s*\{[^}]*"runner"\s*:\s*"([^"]*)"/.exec(textOf(file))?.[1];
}

function upwards(folder: string, name: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return undefined;
  }
}

function hasExtension(binaries: string): boolean {
  return existsSync(join(binaries, `${MTP_TRX}.dll`)) && existsSync(join(binaries, 'Microsoft.Testing.Platform.dll'));
}

/** Of one project, as it was last restored; of several some might lack it, and an unknown option ends a run. */
function projectHasExtension(args: readonly string[], folder: string): boolean {
  if (args.some((argument) => /^--(?:solution|test-modules)/.test(argument))) return false;
  const project = projectFolder(args, folder);
  return textOf(join(project, 'obj', 'project.assets.json')).includes(`"${MTP_TRX}/`);
}

function projectFolder(args: readonly string[], folder: string): string {
  const at = args.indexOf('--project');
  const named = at >= 0 ? args[at + 1] : args.find((argument) => /proj$/.test(argument));
  const path = resolve(folder, named ?? '.');
  return isFile(path) ? dirname(path) : path;
}

/** On the command line, in the settings it names, or as a property of the project. */
function hasTrxLogger(args: readonly string[], folder: string): boolean {
  const joined = args.map((argument, at) =>
    /^(?:--logger|-l)$/.test(argument) ? `--logger:${args[at + 1]}` : argument,
  );
  if (joined.some((argument) => /^(?:--logger|-l|\/logger)[:=]"?trx/i.test(argument))) return true;
  const settings = args.flatMap((argument, at) =>
    /^(?:--settings|-s)$/.test(argument) ? [args[at + 1] ?? ''] : (/^--settings[:=](.*)$/.exec(argument)?.[1] ?? []),
  );
  if (settings.some((file) => SETTINGS.test(textOf(resolve(folder, file))))) return true;
  const named = args.slice(1).find((argument) => !argument.startsWith('-') && existsSync(resolve(folder, argument)));
  return projectFiles(resolve(folder, named ?? '.')).some((file) => {
    const text = textOf(file);
    if (PROPERTIES.test(text)) return true;
    const [, path] = /<RunSettingsFilePath>([^<]*)</i.exec(text) ?? [];
    if (path === undefined) return false;
    const there = path
      .replace(/\$\(MSBuild(?:ThisFile|Project)Directory\)/gi, `${dirname(file)}/`)
      .replaceAll('\\', '/');
    return SETTINGS.test(textOf(resolve(dirname(file), there)));
  });
}

/** The projects of a file or folder, and the properties they share; a solution's own projects are not looked through. */
function projectFiles(path: string): string[] {
  const shared = upwards(isFile(path) ? dirname(path) : path, 'Directory.Build.props');
  const projects = isFile(path) ? [path] : namesIn(path).map((name) => join(path, name));
  return [...projects.filter((file) => file.endsWith('proj')), ...(shared ? [shared] : [])];
}

/* What cannot be read tells nothing; whether the command can do without it is the command's affair. */

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty also for a folder. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
